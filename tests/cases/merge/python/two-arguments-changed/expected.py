result = render("start.html", title="Home", lang="de")
