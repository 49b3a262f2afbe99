"""The surveys that ship, T1 … T7: their words in both languages and the steps that ask them.

A row each question: code, answer, English, Chinese, and what else is true of it. An option is its
code, English, Chinese and, perhaps, what it opens. Codes are the same wherever the same is asked.
"""

CARS = ["cars"]
HOMES = ["furniture", "mattresses", "home"]

PLATE = (
    ("done", "Done", "已上牌"),
    ("under_way", "Under way", "办理中"),
    ("needs_help", "Needs our help", "要我们帮忙", "help"),
)
INSTALLED = (
    ("done", "All in place", "全部装好"),
    ("partly", "Something is missing", "还有没装好的", "help"),
    ("not_yet", "Not yet", "还没安装"),
)
HAD_COMPLAINT = (
    ("none", "None", "没有"),
    ("solved", "Solved on the spot", "当场解决"),
    ("reported", "Reported up", "解决不了，上报", "complaint"),
)
# One thing to tick: it is said during the call, or the survey cannot be saved (AFT-06).
SAID = (("yes", "Said just now", "已提醒"),)
WISHES = (
    ("none", "Nothing now", "暂时没有"),
    ("service", "Wants service: book it below", "要服务，下面转预约"),
    ("buys_more", "Wants something new: a lead below", "想添购，下面转新线索"),
)
REPLACEMENT = (
    ("none", "Not planned", "没有打算"),
    ("year", "Within a year", "1 年内"),
    ("half_year", "Within half a year", "半年内"),
    ("quarter", "Within 3 months", "3 个月内"),
)
RENEWAL = (
    ("renewed", "Renewed with us", "续"),
    ("not_renewing", "Not renewing", "不续"),
    ("considering", "Considering", "考虑"),
)

SCORED = {"counts": True}
GREETING = (
    "greeting", "text", "How are they: business, family?", "问候：生意、家人都好吗？", {},
)  # fmt: skip
TROUBLE = (
    "trouble", "yes_no", "Any trouble using it?", "使用中有没有问题？", {"branch": "help"},
)  # fmt: skip
INSURANCE = (
    "insurance", "choice", "Will they renew the insurance?", "保险续保吗？",
    {"branch": "renewal", "trades": CARS, "options": RENEWAL},
)  # fmt: skip
REFERRAL = (
    "referral", "text", "Does anybody they know look for one?", "身边有没有朋友也想买？",
    {"branch": "referral"},
)  # fmt: skip
OVERALL = (
    "satisfaction", "scale", "How satisfied are they all in all?", "总体满意吗？", SCORED,
)  # fmt: skip

SURVEYS = {
    "T1": ("24-hour call by the manager", "24小时经理回访", [
        ("feeling", "scale", "How do they like what they got?", "对产品感觉怎么样？", SCORED),
        ("unclear", "yes_no", "Is anything unclear, or can it not be used?",
         "有没有不清楚、不会用的地方？", {"branch": "help"}),
        ("store_service", "scale", "How was the service of the store?", "门店服务怎么样？", SCORED),
        ("person_service", "scale", "How was the salesperson's service?",
         "销售人员的服务怎么样？", SCORED),
        ("behaviour", "text", "How did our people behave, what should we do better?",
         "员工言行举止，有什么建议？", {}),
        ("complaint", "yes_no", "Is there a complaint?", "有没有要投诉的？",
         {"branch": "complaint"}),
        ("plate", "choice", "Is the car registered?", "上牌办好了吗？",
         {"trades": CARS, "options": PLATE}),
        ("installed", "choice", "Is everything installed?", "都安装好了吗？",
         {"trades": HOMES, "options": INSTALLED}),
    ]),
    "T2": ("7-day call", "7天销售回访", [
        ("feeling", "scale", "How do they like it now?", "现在感觉怎么样？", SCORED),
        ("first_service", "choice", "First service: when, at how many km, what to bring",
         "提醒首次保养：时间、公里数、带什么",
         {"trades": CARS, "is_required": True, "options": SAID}),
        ("care", "choice", "Care: cleaning, airing, what to avoid",
         "提醒保养须知：清洁、通风、注意事项",
         {"trades": HOMES, "is_required": True, "options": SAID}),
        ("plate", "choice", "Is the car registered?", "上牌办好了吗？",
         {"trades": CARS, "options": PLATE}),
        ("complaint", "choice", "Was there a complaint?", "有没有抱怨？",
         {"options": HAD_COMPLAINT}),
        ("mileage", "number", "How many km so far?", "跑了多少公里？", {"trades": CARS}),
        ("recommend", "likelihood", "Would they recommend us to a friend?",
         "愿意把我们推荐给朋友吗？", {}),
    ]),
    "T3": ("Visit in person", "面访", [
        ("use", "text", "How do they use it?", "产品使用得怎么样？", {}),
        OVERALL,
        ("news", "yes_no", "Told them what is new?", "介绍新品、新活动了吗？", {}),
        ("wishes", "text", "A new need, or somebody who looks for one?",
         "有没有新需求，或朋友想买？", {"branch": "referral"}),
    ]),
    "T4": ("Regular contact", "双月联系 / 每月联系", [
        ("service_reminder", "yes_no", "Reminded of the next service or care?",
         "提醒下次保养了吗？", {}),
        ("use", "text", "How do they use it, any trouble?", "使用情况，有没有问题？", {}),
        ("hobbies", "text", "What do they like to do?", "有什么爱好，想参加什么活动？",
         {"branch": "hobbies"}),
        OVERALL,
        ("wishes", "choice", "Do they wish for something?", "有什么需要吗？", {"options": WISHES}),
    ]),
    "T5": ("12/24-month visit", "12/24个月回访", [
        GREETING, TROUBLE, INSURANCE, REFERRAL, OVERALL,
    ]),
    "T6": ("36/48/60-month visit", "36/48/60个月回访", [
        GREETING, TROUBLE, INSURANCE, REFERRAL, OVERALL,
        ("replacement", "choice", "When do they mean to replace it, or buy a second one?",
         "什么时候换购或增购？", {"branch": "replacement", "options": REPLACEMENT}),
    ]),
    "T7": ("After delivery and installation", "送货安装回访", [
        ("use", "text", "How is it to use?", "用着怎么样？", {}),
        OVERALL,
        ("crew", "scale", "How were the delivery and installation people?",
         "送货安装师傅的服务怎么样？", SCORED),
        ("trouble", "yes_no", "Is there a problem?", "有没有问题？", {"branch": "help"}),
    ]),
}  # fmt: skip

# Which survey a step asks; the thanks after a purchase stay a plain call (decision 10).
