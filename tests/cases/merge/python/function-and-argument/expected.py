result = template.render("page.html", title="Home", lang="de")
