"""A page of what ships, for the migration of the step beside which it stands."""

from followups.knowledge import shipped
from followups.rules.articles import searchable


def article_of(apps, code: str):
    """The page of this code; where the pages were shipped before there was one, it is added."""
    Article = apps.get_model("followups", "Article")
    ArticleVersion = apps.get_model("followups", "ArticleVersion")
    found = Article.objects.filter(code=code).first()
    if found is not None:
        return found
    page = next(page for page in shipped() if page.code == code)
    words = {
        "title_en": page.title_en,
        "title_zh": page.title_zh,
        "body_en": page.body_en,
        "body_zh": page.body_zh,
    }
    article = Article.objects.create(
        code=page.code,
        kind=page.kind,
        position=page.position,
        situation=page.situation,
        clauses=page.clauses,
        search=searchable(words=words, clauses=page.clauses),
        **words,
    )
    ArticleVersion.objects.create(article=article, number=1, **words)
    return article
