"""Why a message did not get through, in words that say what to do."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.outgoing import Why

WORDS = {
    Why.AWAY: _("No connection to the service. It is tried again."),
    Why.BROKEN: _("The service answered that it cannot take messages now. It is tried again."),
    Why.TOO_MANY: _("The service takes no more messages for the moment. It is tried again."),
    Why.UNKNOWN: _("The service did not answer: nobody knows whether the message arrived."),
    Why.FAULT: _("Something broke while this was sent: nobody knows whether it arrived."),
    Why.NOT_LET_IN: _(
        "The mail server does not accept our account or our sender's address. It is tried again;"
        " compare the settings for mail."
    ),
    Why.GONE: _("The robot or the mailbox exists no more. Enter the new address."),
    Why.NO_RIGHT: _(
        "The service does not accept our signature, key word or network address. Compare the"
        " robot's security settings with ours."
    ),
    Why.UNWANTED: _("The service refuses the text of this message."),
    Why.ADDRESS: _("There is no address to send to, or the robot or person is out of use."),
    Why.OUT_OF_USE: _("The robot was taken out of use before this was sent. It is not sent."),
    Why.UNREADABLE: _("The robot's address cannot be opened with our keys. Enter it anew."),
    Why.REFUSED: _("The service refused the message."),
}


def error_words(error: str) -> str:
    """The sentence for what stands in `Outgoing.error`, with the service's own code behind it."""
    if not error:
        return ""
    why, _colon, code = error.partition(":")
    sentence = next((str(words) for known, words in WORDS.items() if known == why), error)
    if not code:
        return sentence
    return gettext("%(sentence)s (code %(code)s)") % {"sentence": sentence, "code": code}
