"""What a browser would send of a page: each form's controls as they were drawn."""

from html.parser import HTMLParser


class _Controls(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[dict[str, list[str]]] = []
        self.text = self.select = None
        self.first = False

    @property
    def form(self) -> dict[str, list[str]]:
        return self.forms[-1] if self.forms else {}

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        name, value = said.get("name"), said.get("value")
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name:
            if said.get("type") in ("checkbox", "radio"):
                if "checked" in said:
                    self.form.setdefault(name, []).append(value or "on")
            else:
                self.form.setdefault(name, []).append(value or "")
        elif tag == "textarea":
            self.text, self.first = name, True
            self.form[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and (self.select not in self.form or "selected" in said):
            self.form[self.select] = [value or ""]

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data):
        if self.text is not None:
            # The first line break within a text area is none of its text.
            self.form[self.text][0] += data.removeprefix("\n") if self.first else data
            self.first = False


def tab(page, *, having: str) -> dict[str, list[str]]:
    """The controls of the form that has a control of this name, ready to be sent."""
    found = _Controls()
    found.feed(page.content.decode())
    (form,) = [form for form in found.forms if having in form]
    return form
