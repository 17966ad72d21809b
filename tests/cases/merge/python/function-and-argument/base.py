result = render("page.html", title="Home", lang="en")
