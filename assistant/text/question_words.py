"""Words that ask or join and say nothing about the subject: left out of a question's search, never of a text's."""

_CHINESE = """
什么 甚么 啥 哪 哪个 哪些 哪里 哪儿 哪种 哪年 何 何时 何地 何处 何种 何人 为何 如何 怎么 怎样 怎么样 怎么办
多少 几 几个 几种 几年 几月 几日 几号 几条 几次 几项 谁 为什么 为啥 是否 是不是 有没有 能否 能不能 可以 可否
会不会 请问 请 告诉 一下 吗 呢 吧 啊 呀 么 的 了 地 得 着 过 是 在 有 和 与 及 或 以及 而 于 于是 则 就 都 也
还 又 被 把 对 对于 关于 由 从 到 向 给 为 以 所 其 其中 之 这 那 这个 那个 这些 那些 它 它们 他 她 他们 我
我们 你 你们 您 应 应该 应当 需要 要 会 能 分别 属于 进行 哪一 哪一年 多久 多长 多大 多高
几天 几名 几人 几家 几倍 哪天 哪位 哪家 哪一天 哪一个 哪一种 啥时候 什么样 怎 咋 咋办 咋样 几时 因何 有何 多远 多重
多深 多宽 嘛 呗 哦
达到 达 成 成为 时候 什么时候 一共 总共 到底 究竟 大概 几楼 几岁 几点 几所 几座 是什么 什么意思 请教 想问 想知道
"""
_ENGLISH = """
a an the of in on at to for from by with and or is are was were be been being do does did has have had what
which who whom whose when where why how many much long that this these those it its their his her as than
then there can could would should will shall may might must not no into about also did
done doing my we our you your please
"""
QUESTION_WORDS = frozenset((_CHINESE + _ENGLISH).split())
