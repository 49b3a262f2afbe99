"""The festivals and wordings that ship, in both languages.

Opening and signature are no part of a text: they always stand around it (FUP-12).
"""

# code, English, Chinese, month, day, lunar.
FESTIVALS = (
    ("new_year", "New Year's Day", "元旦", 1, 1, False),
    ("spring", "Spring Festival", "春节", 1, 1, True),
    ("lantern", "Lantern Festival", "元宵节", 1, 15, True),
    ("labour", "Labour Day", "劳动节", 5, 1, False),
    ("dragon_boat", "Dragon Boat Festival", "端午节", 5, 5, True),
    ("mid_autumn", "Mid-Autumn Festival", "中秋节", 8, 15, True),
    ("national", "National Day", "国庆节", 10, 1, False),
    ("double_ninth", "Double Ninth Festival", "重阳节", 9, 9, True),
    ("laba", "Laba Festival", "腊八节", 12, 8, True),
)
# Qingming is a day of mourning, on which nobody sends greetings.

CARS = ["cars"]
HOMES = ["furniture", "mattresses", "home"]
SHOES = ["shoes"]

# code, English name, Chinese name, trades, whom, English, Chinese.
FRIDAY = (
    (
        "friday_signed_progress",
        "All is being prepared",
        "一切正在准备",
        [],
        ["signed"],
        "Thank you for your trust. Everything about {product} is going as we agreed; you hear from me"
        " as soon as there is news. Have a restful weekend with your family.",
        "感谢您一直以来的信任。{product}的事情我会一直替您盯着，有进展第一时间向您汇报。祝您和家人周末愉快！",
    ),
    (
        "friday_signed_cars",
        "Weekend on the road",
        "周末出行",
        CARS,
        ["signed"],
        "The weekend is here. If you are driving out, please take it easy on the road. Should anything"
        " about {product} feel unclear, I am at your service at any time.",
        "周末到了，出行请慢行、平安第一。{product}用车上有任何不清楚的地方，随时找我。祝您周末愉快！",
    ),
    (
        "friday_signed_homes",
        "A cosy weekend",
        "舒心周末",
        HOMES,
        ["signed"],
        "A busy week is over. I hope that {product} lets you rest well at home this weekend. If anything"
        " needs adjusting, tell me and we come by.",
        "忙碌了一周，愿{product}陪您在家好好放松。有任何需要调整的地方，告诉我，我们上门为您处理。祝您周末愉快！",
    ),
    (
        "friday_signed_thanks",
        "Thank you for choosing us",
        "感谢选择",
        [],
        ["signed"],
        "The week ends, and I wanted to thank you once more for choosing us. I wish you and your family"
        " a peaceful and happy weekend.",
        "一周将尽，再次感谢您选择我们。愿您和家人度过一个平安、温馨的周末！",
    ),
    (
        "friday_about_care",
        "No hurry",
        "从容决定",
        [],
        ["about"],
        "Thank you for the time you gave us this week. Please take the weekend to think in peace; every"
        " question about {product} is welcome, and I answer as fast as I can.",
        "感谢您这周抽出时间。周末您可以安心考虑，关于{product}有任何问题随时问我，我一定尽快给您答复。祝您周末愉快！",
    ),
    (
        "friday_about_ready",
        "Everything is ready",
        "资料已备好",
        [],
        ["about"],
        "I have put together what we talked about, so that it is at hand whenever you want it. First of"
        " all, have a relaxed weekend with your family.",
        "您关心的内容我都已整理好，您需要时随时可以看。先祝您和家人周末轻松愉快！",
    ),
    (
        "friday_about_thanks",
        "A word of thanks",
        "真诚致谢",
        [],
        ["about"],
        "It is a pleasure to plan this with you. Whatever you decide, I want it to be right for your"
        " family. Have a good weekend.",
        "能为您的选择出一份力，我很荣幸。无论您怎样决定，都希望最适合您和家人。祝您周末愉快！",
    ),
    (
        "friday_tracked_warm",
        "Thinking of you",
        "周末问候",
        [],
        ["tracked"],
        "Friday evening: time to put the work down. I wish you a relaxed weekend. When you pass by, come"
        " in for a cup of tea; there is no need to buy anything.",
        "周五傍晚，放下一周的忙碌，祝您周末轻松愉快！路过{store}时欢迎进来喝杯茶、歇歇脚。",
    ),
    (
        "friday_tracked_homes",
        "Ideas for home",
        "家的灵感",
        HOMES,
        ["tracked"],
        "May this weekend leave you time for your home. If you would like to see how others have solved"
        " it, I gladly send you some pictures.",
        "愿这个周末您能好好陪伴家人、享受家的时光。想看看别家的搭配实例，我随时发给您参考。祝您周末愉快！",
    ),
    (
        "friday_tracked_cars",
        "A drive when you like",
        "随时试驾",
        CARS,
        ["tracked"],
        "The week is done, have a good rest. Whenever you feel like a drive, tell me the time and the car"
        " stands ready for you.",
        "辛苦了一周，好好休息。哪天想试驾，告诉我时间，车给您准备好。祝您周末愉快！",
    ),
    (
        "friday_tracked_shoes",
        "Comfortable walking",
        "舒适出行",
        SHOES,
        ["tracked"],
        "The weekend is here; may every step of it be a comfortable one. You are always welcome to come"
        " in and try something on.",
        "周末到了，愿您每一步都轻松舒适。有空欢迎到{store}坐坐、试试合脚的新款。祝您周末愉快！",
    ),
    (
        "friday_tracked_plain",
        "A good weekend",
        "周末愉快",
        [],
        ["tracked"],
        "I hope the week was kind to you. I wish you and your family health and a happy weekend.",
        "这一周您辛苦了，愿您和家人身体健康、周末愉快！",
    ),
    (
        "friday_long_old_friend",
        "To an old friend",
        "老朋友问候",
        [],
        ["long_term"],
        "It is good to have you with us for so long. If anything about {product} ever troubles you, one"
        " call is enough. Have a lovely weekend.",
        "感谢您多年来的支持。{product}使用中有任何不便，一个电话我们就来。祝您周末愉快！",
    ),
    (
        "friday_long_family",
        "Greetings to the family",
        "问候家人",
        [],
        ["long_term"],
        "We have not spoken for a while, and I hope that you and your family are well. My best wishes for"
        " the weekend.",
        "有段时间没联系了，愿您和家人一切都好。祝您周末愉快、阖家安康！",
    ),
    (
        "friday_long_thanks",
        "Thank you for your trust",
        "感谢信任",
        [],
        ["long_term"],
        "Customers like you are why we enjoy our work. Thank you, and have a restful weekend.",
        "有您这样的老朋友，是我们最大的荣幸。感谢您的信任，祝您周末轻松愉快！",
    ),
)

# code, festival, English name, Chinese name, trades, whom, English, Chinese.
FESTIVE = (
    (
        "new_year_plain",
        "new_year",
        "A new year",
        "元旦祝福",
        [],
        [],
        "A new year begins. Thank you for your company in the past one; I wish you and your family"
        " health, peace and success.",
        "新年伊始，感谢您过去一年的信任与支持。祝您和家人元旦快乐，新的一年平安健康、万事顺意！",
    ),
    (
        "new_year_signed",
        "new_year",
        "A new year with thanks",
        "元旦致谢",
        [],
        ["signed", "long_term"],
        "Thank you for choosing us. May the new year bring you and your family joy every day.",
        "感谢您选择了我们。愿新的一年您和家人天天开心、事事如意，元旦快乐！",
    ),
    (
        "spring_plain",
        "spring",
        "Spring Festival",
        "春节拜年",
        [],
        [],
        "I wish you and your whole family a happy Spring Festival: good health, happiness together and"
        " success in all you do.",
        "值此新春佳节，给您拜年了！祝您和家人新春快乐、身体健康、阖家团圆、万事如意！",
    ),
    (
        "spring_cars",
        "spring",
        "Safe on the way home",
        "新春平安",
        CARS,
        [],
        "Happy Spring Festival to you and your family. If you are driving home, may the road be smooth and"
        " safe; we are there for you on the holidays, too.",
        "新春快乐！返乡出行路上请慢行，愿您一路平安。节日期间用车有事，随时联系我。祝您阖家幸福！",
    ),
    (
        "lantern_plain",
        "lantern",
        "Lantern Festival",
        "元宵祝福",
        [],
        [],
        "The lanterns are lit and the family is together. I wish you a happy Lantern Festival.",
        "月圆灯明，阖家团圆。祝您和家人元宵节快乐，团团圆圆、甜甜美美！",
    ),
    (
        "labour_plain",
        "labour",
        "Labour Day",
        "劳动节问候",
        [],
        [],
        "You have worked hard. I wish you a relaxed Labour Day holiday with your family.",
        "您辛苦了！祝您和家人劳动节快乐，好好休息、平安出游！",
    ),
    (
        "dragon_boat_plain",
        "dragon_boat",
        "Dragon Boat Festival",
        "端午安康",
        [],
        [],
        "On the Dragon Boat Festival I wish you and your family health and peace.",
        "端午将至，粽叶飘香。祝您和家人端午安康、平安顺遂！",
    ),
    (
        "mid_autumn_plain",
        "mid_autumn",
        "Mid-Autumn",
        "中秋祝福",
        [],
        [],
        "The moon is full, and so may your table be. I wish you and your family a happy Mid-Autumn"
        " Festival together.",
        "月到中秋分外明。祝您和家人中秋快乐、花好月圆、阖家幸福！",
    ),
    (
        "mid_autumn_homes",
        "mid_autumn",
        "Together at home",
        "中秋团圆",
        HOMES,
        [],
        "Mid-Autumn is for being at home together. May yours be warm and full of laughter.",
        "中秋是团圆的日子，愿您的家温暖满屋、欢声笑语。祝您和家人中秋快乐！",
    ),
    (
        "national_plain",
        "national",
        "National Day",
        "国庆问候",
        [],
        [],
        "I wish you and your family a happy National Day and a relaxing holiday.",
        "祝您和家人国庆节快乐，假期轻松愉快、出行平安！",
    ),
    (
        "double_ninth_plain",
        "double_ninth",
        "Double Ninth",
        "重阳敬意",
        [],
        [],
        "On the Double Ninth Festival I wish the elders of your family health and a long life, and you a"
        " bright autumn.",
        "九九重阳，敬祝您家中长辈身体健康、福寿绵长，也祝您秋日安好！",
    ),
    (
        "laba_plain",
        "laba",
        "Laba",
        "腊八问候",
        [],
        [],
        "With Laba the new year is near. Keep warm; I wish you and your family well.",
        "喝了腊八粥，新年在招手。天气寒冷，请您和家人注意保暖，祝腊八安康！",
    ),
)

BIRTHDAY = (
    (
        "birthday_self",
        "Happy birthday",
        "生日快乐",
        [],
        ["self"],
        "Today is your day. I wish you a happy birthday, good health and joy with your family.",
        "今天是您的生日，祝您生日快乐、身体健康、幸福美满！",
    ),
    (
        "birthday_self_thanks",
        "Happy birthday, with thanks",
        "生日致谢",
        [],
        ["self"],
        "Happy birthday! Thank you for your trust; may the coming year bring you all that you wish for.",
        "祝您生日快乐！感谢您一直以来的信任，愿新的一岁心想事成、事事如意！",
    ),
    (
        "birthday_family",
        "A birthday in the family",
        "家人生日",
        [],
        ["family"],
        "As I know, {occasion} is today. Please pass on my heartfelt congratulations; I wish your whole"
        " family health and happiness.",
        "今天是{occasion}，请代我送上衷心的祝福。祝您全家健康平安、幸福美满！",
    ),
)

LETTER = (
    (
        "letter_thanks",
        "Thank-you letter",
        "感谢信",
        [],
        [],
        "thank you for choosing us. On {day} we handed over your {product}, and we hope that it gives you"
        " joy from the first day.\n"
        "We will call you within the next days and ask how things are going. If there is anything before"
        " then, however small, please tell us: we take care of it at once.\n"
        "We wish you and your family all the best.",
        "衷心感谢您的信任与选择。{day}，我们将{product}交到了您的手中，愿它从第一天起就为您带来满意和喜悦。\n"
        "接下来的几天里，我们会致电了解您的使用情况。在此之前如有任何问题，无论大小，都请随时告诉我们，我们会立即为您处理。\n"
        "祝您和家人身体健康、万事如意！",
    ),
    (
        "letter_thanks_cars",
        "Thank-you letter for a car",
        "购车感谢信",
        CARS,
        [],
        "thank you for choosing us. On {day} we handed over your {product}. We hope that every drive in it"
        " is a pleasure, and that it brings you home safely each time.\n"
        "We will call you within the next days, ask how you are getting on and remind you of the first"
        " service. Should anything be unclear before then, please call us: we take care of it at once.\n"
        "We wish you and your family safe roads and all the best.",
        "衷心感谢您选择我们。{day}，我们将{product}交到了您的手中，愿它陪您走过每一段旅程，平安出行、满意而归。\n"
        "接下来的几天里，我们会致电了解您的用车情况，并提醒您首次保养的时间。在此之前如有任何疑问，请随时与我们联系，我们会立即为您处理。\n"
        "祝您和家人出入平安、万事如意！",
    ),
    (
        "letter_thanks_homes",
        "Thank-you letter for a home",
        "家居感谢信",
        HOMES,
        [],
        "thank you for letting us furnish a part of your home. On {day} we delivered your {product}, and we"
        " hope that your family feels at ease with it every day.\n"
        "We will call you within the next days and ask whether everything stands as it should. If a joint, a"
        " fabric or a surface needs a hand before then, please tell us: we come by.\n"
        "We wish you and your family a warm and happy home.",
        "衷心感谢您让我们参与布置您的家。{day}，我们已将{product}送达府上，愿它让您和家人每天都住得舒心、用得安心。\n"
        "接下来的几天里，我们会致电了解安装和使用情况。在此之前如有任何需要调整的地方，请随时告诉我们，我们会上门为您处理。\n"
        "祝您和家人居家幸福、万事如意！",
    ),
    (
        "letter_thanks_shoes",
        "Thank-you letter for shoes",
        "购鞋感谢信",
        SHOES,
        [],
        "thank you for your visit and for choosing {product}. We hope that every step in them is a"
        " comfortable one.\n"
        "If they should press anywhere, or need care, come by at any time: we look after them.\n"
        "We wish you and your family all the best.",
        "衷心感谢您光临并选购{product}，愿它陪您每一步都舒适自在。\n"
        "穿着中如有不合脚之处或需要保养护理，欢迎随时到店，我们会为您悉心处理。\n"
        "祝您和家人身体健康、万事如意！",
    ),
    (
        "letter_material",
        "Material sent: has it arrived?",
        "资料送达确认",
        [],
        [],
        "the material about {product} that you asked for is on its way to you. Please look at it in peace;"
        " I will call you in the next days to make sure that it has arrived and to answer your"
        " questions.\nThank you for your interest in us.",
        "您所需要的{product}相关资料已经寄出，请注意查收。您可以先安心翻阅，这几天我会致电确认资料是否送达，并解答您的疑问。\n"
        "感谢您对我们的关注，祝您一切顺利！",
    ),
)

CAMPAIGN = (
    (
        "care_service_day",
        "Free service day",
        "免费保养日",
        CARS,
        [],
        "on {day} we hold our {occasion} at {store}: we check your {product} free of charge, from lights and"
        " brakes to fluids and tyres. Tell me a time that suits you, and your place is kept.",
        "{day}我们在{store}举办“{occasion}”，为您的{product}免费检测灯光、刹车、油液和轮胎。"
        "您看几点方便？我为您预留位置，恭候您的光临！",
    ),
    (
        "care_service_day_home",
        "Free care day",
        "免费保养护理日",
        HOMES,
        [],
        "on {day} we hold our {occasion}: we look after your {product} free of charge, tighten what is loose"
        " and clean what needs it. Tell me a time that suits you.",
        "{day}我们举办“{occasion}”，免费为您的{product}紧固、清洁、护理。"
        "您看什么时间方便？我来为您安排。",
    ),
    (
        "lecture",
        "Lecture",
        "讲座邀请",
        [],
        [],
        "we should like to invite you to “{occasion}” on {day} at {store}. There will be time for questions"
        " and a cup of tea afterwards. May I keep a seat for you?",
        "诚邀您参加{day}在{store}举办的“{occasion}”，现场可以提问交流，会后备有茶点。我为您预留一个座位，好吗？",
    ),
    (
        "new_goods",
        "New goods",
        "新品通知",
        [],
        [],
        "our {occasion} has arrived at {store}, and I thought of you at once. Come and see it from {day} on,"
        " whenever it suits you; I show you everything in peace.",
        "“{occasion}”已到{store}，第一时间想到了您。{day}起欢迎您随时前来品鉴，我为您细细介绍。",
    ),
    (
        "weather_care",
        "Care in bad weather",
        "天气关怀",
        [],
        [],
        "the weather is turning these days. Please dress warmly, drive carefully and look after yourself and"
        " your family. If you need anything about your {product}, I am there.",
        "近日天气变化较大，请您和家人注意增减衣物、出行安全。{product}有任何需要，随时联系我。",
    ),
    (
        "year_end_party",
        "Year-end party",
        "年终答谢会",
        [],
        [],
        "a year is ending in which you stood by us. We should like to thank you in person: please come with"
        " your family to our {occasion} on {day} at {store}. We look forward to you.",
        "感谢您一年来的支持与厚爱。我们诚邀您携家人出席{day}在{store}举办的“{occasion}”，当面向您致谢，期待您的光临！",
    ),
)
