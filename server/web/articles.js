// articles
