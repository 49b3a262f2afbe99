"""What each clause of the scheme says, in plain words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# Titles that other pages use in another sense have the context `clause`.
# Number: a short title, and the rule in one or two sentences.
CLAUSE_TEXTS: Mapping[str, tuple[Words, Words]] = {
    "FIL-01": (_("Purpose"), _("Filing orders who serves whom: nobody fights over walk-ins.")),
    "FIL-02": (_("For whom"), _("It holds for stores and for field sales alike.")),
    "FIL-03": (_("Store path"), _("A store files on its sheet, daily to operations.")),
    "FIL-04": (_("Field path"), _("Field sales file to their supervisor, and on to operations.")),
    "FIL-05": (_("Scope"), _(
        "New customers, new projects, and prospects who have not bought yet are filed. A buyer "
        "who buys for the same home again stays with the keeper."
    )),
    "FIL-06": (_("Everybody who sells"), _("Managers who sell file like anybody.")),
    "FIL-07": (_("Filed before the deal"), _("A filing after the deal is void.")),
    "FIL-08": (pgettext_lazy("clause", "Complete"), _(
        "A filing names the customer, the phone and an address to the door, the need and the "
        "expected date."
    )),
    "FIL-09": (_("Drafts do not protect"), _(
        "What is incomplete is a draft. It becomes a filing when it is completed, at that moment."
    )),
    "FIL-10": (_("First filed, first protected"), _(
        "Whoever filed first and is still protected has the customer; who files later gives up."
    )),
    "FIL-11": (_("The server's time"), _(
        "Filed is what has reached the system complete, by its clock to the second. Within one "
        "second, operations decide on the evidence of the first contact."
    )),
    "FIL-12": (_("No queue"), _(
        "A later filing is refused; it does not move up when the first one lapses."
    )),
    "FIL-13": (_("Follow up within three days"), _(
        "A follow-up is owed three days after the last one. Missing it is noted and loses nothing."
    )),
    "FIL-14": (_("Ten days of silence"), _(
        "Without a follow-up for ten days, protection ends at 24:00 of the tenth day; it is lost "
        "if a colleague files or takes a deposit then."
    )),
    "FIL-15": (_("Duty and loss"), _(
        "Three days are a duty, ten a loss. What lapsed protects again from the next follow-up, "
        "if nobody came in between."
    )),
    "FIL-16": (_("Measured within 15 days"), _(
        "A field filing without measuring on site or a deposit is void after fifteen days."
    )),
    "FIL-17": (_("What counts as measured"), _(
        "Measuring done or a deposit received. Appointments, quotes and designs do not count."
    )),
    "FIL-18": (_("Not for stores"), _("The fifteen days do not hold for store filings.")),
    "FIL-19": (_("Special circumstances"), _(
        "In special circumstances a filer asks the department's manager for more time."
    )),
    "FIL-20": (_("Asked before the limit"), _(
        "An extension is asked for before the limit, and the request holds it until decided, two "
        "working days at most."
    )),
    "FIL-21": (_("Deal moment"), _(
        "The deal is made at the first deposit or the signed order, whichever comes first."
    )),
    "FIL-22": (_("Deposit returned"), _(
        "With the deposit back in full there is no deal; filings live on by their own clocks."
    )),
    "FIL-23": (_("Stores without limit"), _("Store filings are not limited in number.")),
    "FIL-24": (_("Month's quota"), _("Field sales file twenty customers a calendar month.")),
    "FIL-25": (_("Slots freed by deals"), _(
        "A deal of the own filed customer frees a slot at once; what is over the quota is void."
    )),
    "FIL-26": (_("Filed within 24 hours"), _(
        "A customer is filed within twenty-four hours of having their data, to the second."
    )),
    "FIL-27": (_("How days are counted"), _(
        "Calendar days, the first not counted, to 24:00 of the last; hours to the second."
    )),
    "FIL-28": (pgettext_lazy("clause", "Review"), _(
        "A manager reviews each filing and may demand proof. Until then it protects; rejected, it "
        "was void from the start."
    )),
    "FIL-29": (_("What is a follow-up"), _(
        "The filer, or somebody for them, reached the customer: a call connected, a chat answered, "
        "a visit, measuring. Unanswered calls, bulk messages and edits do not count."
    )),
    "FIL-30": (_("Entered within 24 hours"), _(
        "A follow-up entered within a day counts at its real time. Entered later it is evidence, "
        "and moves no limit."
    )),
    "FIL-31": (_("One number, one customer"), _(
        "The same phone number, however it is typed, is the same customer."
    )),
    "FIL-32": (_("Same home, same family"), _(
        "The same address or a declared relative is a suspicion; a person decides."
    )),
    "FIL-33": (_("New project"), _(
        "The same number with another address is a new project, which has its own first filer. "
        "Operations check that it is real."
    )),
    "FIL-34": (_("Giving up"), _("A filer may give a customer up; grade D does so.")),
    "FIL-35": (_("Asking is filing"), _(
        "Whoever records a customer's inquiry completely has filed it; there is no second step."
    )),
    "FIL-36": (_("Content"), _("Name, contact, need and expected date of purchase.")),
    "FIL-37": (_("After the purchase"), _("The deposit settles the filing by itself.")),
    "FIL-38": (_("Special price"), _(
        "A price under the price system is approved before it is quoted."
    )),
    "FIL-39": (_("Violations"), _("What is done against the scheme is recorded, without fines.")),
    "FIL-40": (_("The department decides"), _(
        "Special circumstances are decided by the department's head, between departments by "
        "operations."
    )),
    "FIL-41": (_("Credit to the filer"), _(
        "An order taken by a colleague from a validly filed customer is credited to the filer."
    )),
    "FIL-42": (_("Nobody filed"), _("Without a valid filing, whoever took the deposit has it.")),
    "FIL-43": (_("After the own lapse"), _(
        "A filer who sells after the own lapse keeps the credit, if nobody else filed."
    )),
    "XRG-01": (_("Home region first"), _(
        "The region of the delivery address looks after the customer."
    )),
    "XRG-02": (_("Filed across regions first"), _(
        "Selling to another region's customer is filed and approved first. Otherwise the credit "
        "goes home and it is recorded."
    )),
    "XRG-03": (_("Three reasons"), _(
        "Unified design of a new product, a unified tender with separate purchases, or an agent "
        "who buys for the owner; with proof."
    )),
    "XRG-04": (_("Each branch can buy"), _(
        "Operations decide how the credit is shared, else the first approved filer has it."
    )),
    "XRG-05": (_("Unfiled sale across regions"), _("It is recorded.")),
    "PUL-01": (_("Pool"), _(
        "Customers whose filing lapsed or was given up can be taken by anybody, by filing them."
    )),
    "PUL-02": (_("Warned before"), _("Whoever holds a filing is warned before each limit.")),
    "PUL-03": (_("Masked"), _("The number is masked until the customer is taken.")),
    "PUL-04": (_("Waiting time"), _(
        "Whoever gave a customer up, or took a filing back, waits before filing them again."
    )),
    "PUL-05": (_("Limits of taking"), _("How many are taken a day, or held, can be limited.")),
    "ADJ-01": (pgettext_lazy("clause", "Who decides"), _(
        "Operations decide between stores and field sales and on who is one customer; a manager "
        "decides inside the own unit. The ruling is kept for good; one appeal goes to the general "
        "manager."
    )),
    "ADJ-02": (_("No sharing by rule"), _(
        "The winner has all of it. Sharing is a reasoned decision; the shares make up the whole."
    )),
    "ADJ-03": (_("Within three days"), _(
        "After a deal a claim is raised within three days, on evidence that already existed."
    )),
    "ADJ-04": (_("The customer's wish"), _(
        "That a customer wishes somebody else does not move the credit; a justified complaint may."
    )),
    "ADJ-05": (_("What evidence is worth"), _(
        "Rows of the system first, then attachments with a time of their own, then statements; "
        "paper notes last."
    )),
    "ADJ-06": (_("Leavers"), _(
        "Who leaves hands the protected filings to the manager; priority stays, a new duty begins."
    )),
    "ADJ-07": (_("The rules of that day"), _(
        "A ruling follows the parameters that held when the lead was filed."
    )),
    "FUP-12": (_("Never in bulk"), _("Messages are sent one by one; bulk never counts.")),
}  # fmt: skip


def clause_title(clause: str) -> str:
    """What a clause is about, in a few words; its number where it is unknown."""
    found = CLAUSE_TEXTS.get(clause)
    return str(found[0]) if found else clause


def clause_text(clause: str) -> str:
    """The rule behind a clause's number, in plain words."""
    found = CLAUSE_TEXTS.get(clause)
    return str(found[1]) if found else gettext("This clause has no text.")
