"""What counts as a wish to remember something, and what does not."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_agent.memory.wishes import MOST, Wish, slot, wish

FACTS = {
    "Remember that my cat is called Schrödinger.": "My cat is called Schrödinger",
    "remember that i'm allergic to peanuts": "I'm allergic to peanuts",
    "Remember my sister lives in Bern.": "My sister lives in Bern",
    "Remember I like short answers": "I like short answers",
    "Remember: I like short answers.": "I like short answers",
    "Please remember that Anna hates coriander!": "Anna hates coriander",
    "Hi! Please remember: the wifi password is hunter2": "The wifi password is hunter2",
    "Please remember this: I work night shifts.": "I work night shifts",
    "Could you please remember that I am vegetarian?": "I am vegetarian",
    "Can you remember that my car is a Volvo?": "My car is a Volvo",
    "Remember that I am vegetarian, ok?": "I am vegetarian",
    "Remember that I’m 42 years old, please.": "I’m 42 years old",
    "I'd like you to remember that we have two children.": "We have two children",
    "Always remember that my knee hurts.": "My knee hurts",
    "Don't forget that I moved to Basel.": "I moved to Basel",
    "don't forget I hate mushrooms": "I hate mushrooms",
    "Don’t forget, my train leaves at 7.30 a.m. on weekdays.": "My train leaves at 7.30 a.m. on weekdays",
    "Never forget that Tom is my brother": "Tom is my brother",
    "Keep in mind that I am colour-blind.": "I am colour-blind",
    "Please keep in mind I only have a microwave.": "I only have a microwave",
    "Bear in mind that my budget is 500 CHF.": "My budget is 500 CHF",
    "Note that I use metric units.": "I use metric units",
    "For future reference, the garage code is 4711.": "The garage code is 4711",
    "For future reference: I prefer tea.": "I prefer tea",
    "From now on, answer in German.": "From now on, answer in German",
    "From now on I'm on a diet": "From now on I'm on a diet",
    "I had a good day. Remember that I passed my exam. What now?": "I passed my exam",
    "Remember that I'm vegetarian, what should I cook tonight?": "I'm vegetarian",
    "Thanks! By the way, remember that Dr. Meier is my dentist.": "Dr. Meier is my dentist",
    "I'm Bob, and please remember that I live in Bern.": "I live in Bern",
    'Remember that my cat is called "Mr. Tom".': 'My cat is called "Mr. Tom"',
    "Remember that our main branch is `trunk`.": "Our main branch is `trunk`",
    "Remember that I'm vegetarian. Also remember that my wife is Anna.": "I'm vegetarian. My wife is Anna",
    "Remember the following:\n- I live in Bern\n- I have cats\n\nNow tell me a joke.": "I live in Bern. I have cats",
    "My dog is called Rex. Please remember that!": "My dog is called Rex",
    "I moved to Bern last week, please remember that.": "I moved to Bern last week",
    "I only drink decaf. Keep that in mind, please.": "I only drink decaf",
    "我对花生过敏，请记住": "我对花生过敏",
    "我家的狗叫Rex，帮我记一下": "我家的狗叫Rex",
    "我住在伯尔尼。请记住这一点！": "我住在伯尔尼",
    "记住我的猫叫薛定谔。": "我的猫叫薛定谔",
    "请记住我对花生过敏": "我对花生过敏",
    "请记住：我喜欢简短的回答。": "我喜欢简短的回答",
    "记住，我住在伯尔尼": "我住在伯尔尼",
    "记一下，我的生日是5月3日。": "我的生日是5月3日",
    "帮我记一下我的车牌号是京A12345": "我的车牌号是京A12345",
    "别忘了我不吃香菜！": "我不吃香菜",
    "不要忘记我是素食者。": "我是素食者",
    "记得我喜欢喝茶": "我喜欢喝茶",
    "你要记住我妹妹住在上海。": "我妹妹住在上海",
    "请记住我对花生过敏，好吗？": "我对花生过敏",
    "能不能帮我记住我对猫过敏？": "我对猫过敏",
    "今天天气真好。记住我下周搬到苏黎世。明天呢？": "我下周搬到苏黎世",
    "另外，请记住我太太叫安娜": "我太太叫安娜",
    "從現在起，請用中文回答。": "從現在起，請用中文回答",
    "从现在起，请用中文回答。": "从现在起，请用中文回答",
    "从现在起我吃素": "从现在起我吃素",
    "以后都用英文回答": "以后都用英文回答",
    "請記住我的貓叫薛丁格": "我的貓叫薛丁格",
    "记住以下信息：\n我住在伯尔尼\n我有两只猫": "我住在伯尔尼。我有两只猫",
}
NAMES = {
    "Call me Anna.": "The user wants to be called Anna",
    "please call me anna": "The user wants to be called anna",
    "Call me April.": "The user wants to be called April",
    "From now on call me Captain Kirk, please.": "The user wants to be called Captain Kirk",
    "You can call me Al": "The user wants to be called Al",
    "My name is Alexander, but call me Alex.": "The user wants to be called Alex",
    "Hi, I'm Robert, call me Bob!": "The user wants to be called Bob",
    "Call me Anna and tell me a joke": "The user wants to be called Anna",
    'Call me "Your Majesty".': "The user wants to be called Your Majesty",
    "I'd like to be called Dr. Weber": "The user wants to be called Dr. Weber",
    "Address me as Ms. Li.": "The user wants to be called Ms. Li",
    "Please remember to call me Kim": "The user wants to be called Kim",
    "Remember my name is Anna": "My name is Anna",
    "Remember that my name is Anna Schmidt.": "My name is Anna Schmidt",
    "叫我小明": "用户希望被称为小明",
    "以后叫我小明吧。": "用户希望被称为小明",
    "以后请叫我王先生": "用户希望被称为王先生",
    "从现在起，叫我老大！": "用户希望被称为老大",
    "你可以叫我Anna": "用户希望被称为Anna",
    "请称呼我为李博士。": "用户希望被称为李博士",
    "我叫王小明，叫我小明就好": "用户希望被称为小明",
    "记住，以后叫我小明": "用户希望被称为小明",
    "记住我叫小明": "我叫小明",
    "请记住我的名字是小红。": "我的名字是小红",
    "你可以叫我小明吗？": "用户希望被称为小明",
    "Can you please call me Sam?": "The user wants to be called Sam",
    "以後請叫我阿明": "用户希望被称为阿明",
}
NO_WISHES = [
    "Do you remember that I like tea?",
    "Can you remember what I told you?",
    "Can you remember that I told you about Tom?",
    "Remember that song by Queen?",
    "Remember that time we went to Paris.",
    "Remember when we met",
    "Remember what I said.",
    "Remember me?",
    "Remember this.",
    "Remember that.",
    "Remember to call mum.",
    "Please remember to buy milk tomorrow",
    "Don't forget to buy milk",
    "Don't forget the milk.",
    "Don't remember that I said this.",
    "You don't need to remember that I like tea.",
    "I remember that I was tired.",
    "I can't remember that my cat is ill.",
    "I went home and remember that it was cold.",
    "He said: remember that the shop is closed.",
    "My mother always says, remember that you are loved",
    "Mum wrote: Remember that I love you.",
    'She said "remember that I love you" and left.',
    '"Remember that I like tea"',
    "“Please remember that I like tea.”",
    "> Remember that I like tea.",
    "```\n# remember that I like tea\n```",
    "What does `call me Ishmael` mean?",
    "Translate into French: remember that I love you",
    "Translate the following into French.\nPlease remember that I love you.",
    "How do I remember that a list is mutable?",
    "Write a poem. Keep in mind that the list may be empty.",
    "Note that the function returns None.",
    "Call me tomorrow.",
    "call me back",
    "Call me later, I'm busy",
    "Call me at 5",
    "call me on Monday",
    "Call me crazy, but I like rain.",
    "call me old-fashioned",
    "Call me an ambulance!",
    "Call me 0791234567",
    "Can you call me a taxi?",
    "Don't call me Bob.",
    "They call me Bob.",
    "Why do people call me Bob?",
    "My name is Anna.",
    "I am Anna",
    "",
    "   \n ",
    "Is it raining? Remember that!",
    "I told you that yesterday, remember?",
    "The shop is closed. Remember that?",
    "好的，记住了",
    "你住在哪里？请记住",
    "记住我说的话",
    "你还记得我的猫叫什么吗？",
    "你记得我喜欢喝茶吗",
    "记住了吗？",
    "你能记住我的名字吗？",
    "我记住了",
    "我记得我小时候住在上海。",
    "记住我",
    "记住这个",
    "别忘了我的生日",
    "别忘了买牛奶",
    "记得明天给妈妈打电话",
    "记住要按时吃药",
    "别忘了带伞",
    "他说：记住我爱你",
    "妈妈告诉我，记住你是最棒的",
    "“请记住我对花生过敏”是什么意思？",
    "翻译成英文：请记住我爱你",
    "请把下面的话翻译成英文。\n请记住我爱你。",
    "不用记住我喜欢喝茶",
    "明天早上七点叫我起床",
    "叫我起床",
    "叫我怎么办",
    "别叫我小明",
    "他们叫我小明",
    "为什么大家叫我小明？",
    "我叫小明",
    "以后再说吧",
    "从现在起我们来玩一个游戏",
    "From now on you are a pirate.",
    "以后我会去上海",
    "怎么记住单词？",
]


@pytest.mark.parametrize(("said", "fact"), FACTS.items())
def test_a_wish_is_kept_in_the_users_own_words(said: str, fact: str) -> None:
    assert wish(said) == Wish(fact)


@pytest.mark.parametrize(("said", "fact"), NAMES.items())
def test_how_the_user_is_called_has_a_slot_of_its_own(said: str, fact: str) -> None:
    assert wish(said) == Wish(fact, "name")


@pytest.mark.parametrize("said", NO_WISHES)
def test_this_is_no_wish(said: str) -> None:
    assert wish(said) is None


def test_a_name_and_a_fact_are_kept_together_so_that_a_new_name_does_not_take_the_fact_along() -> None:
    both = wish("Call me Anna. Remember that I live in Bern.")
    assert both == Wish("The user wants to be called Anna. I live in Bern")


@pytest.mark.parametrize("fact", NAMES.values())
def test_the_slot_of_a_saved_fact_is_known_again(fact: str) -> None:
    assert slot(fact) == "name"


@pytest.mark.parametrize(
    "fact", ["The user lives in Bern.", "My cat is called Tom", "我的猫叫薛定谔", "", "call me tomorrow"]
)
def test_other_facts_have_no_slot(fact: str) -> None:
    assert slot(fact) == ""


def test_a_long_wish_is_cut() -> None:
    found = wish(f"Remember that I like {'tea, ' * 100}")
    assert found
    assert len(found.text) == MOST
    assert found.text.endswith("…")


@pytest.mark.parametrize(
    "part", ["please ", "你可以", "and please, ", "remember ", '"', "call me ", "x. ", "好的", "-", " "]
)
def test_no_text_takes_long_to_read(part: str) -> None:
    began = time.perf_counter()
    wish((part * 1000)[:1000] + "x")
    wish(part * 100_000)
    assert time.perf_counter() - began < 2


def test_of_a_long_paste_only_the_ends_count() -> None:
    paste = "word " * 300
    assert wish(f"Look at this.\n\n{paste}\n\nRemember that the office is closed.\n\n{paste}\n\nThoughts?") is None
    assert wish(f"Remember that I like tea.\n\n{paste}") == Wish("I like tea")


@given(
    st.text()
    | st.lists(
        st.sampled_from(["remember ", "that ", "call me ", "记住", "叫我", '"', "`", "\n", "?", "I am ", "，"])
    ).map("".join)
)
def test_any_text_is_read(text: str) -> None:
    found = wish(text)
    assert found is None or 0 < len(found.text) <= MOST
