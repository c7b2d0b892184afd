"""A text without the marks of Markdown, as any program on any machine opens it."""

from markdown_it.tree import SyntaxTreeNode

from studio.text.markdown import parse

RULE = "* * *"
LONGEST_UNDERLINE = 60
_UNDERLINES = {"h2": "=", "h3": "-"}  # headings of a page begin with h2: see studio.text.markdown


def plain_of(body: str) -> str:
    return "\n".join(_apart(SyntaxTreeNode(parse(body)).children)) + "\n"


def _apart(nodes: list[SyntaxTreeNode]) -> list[str]:
    """The lines of each, an empty one between."""
    lines: list[str] = []
    for node in nodes:
        lines += ["", *_lines(node)] if lines else _lines(node)
    return lines


def _lines(node: SyntaxTreeNode) -> list[str]:
    match node.type:
        case "bullet_list" | "ordered_list":
            return [line for number, item in enumerate(node.children) for line in _item(node, number, item)]
        case "blockquote":
            return [f"> {line}".rstrip() for line in _apart(node.children)]
        case "fence" | "code_block":
            return ["    " + line for line in node.content.rstrip("\n").split("\n")]
        case "hr":
            return [RULE]
        case "table":
            rows = [row for part in node.children for row in part.children]
            return [" | ".join(words_of(cell) for cell in row.children) for row in rows]
        case "heading":
            words = words_of(node)
            under = _UNDERLINES.get(node.tag, "") * min(len(words), LONGEST_UNDERLINE)
            return [words, under] if under else [words]
        case _:
            return words_of(node).split("\n")


def _item(of: SyntaxTreeNode, number: int, item: SyntaxTreeNode) -> list[str]:
    mark = f"{int(of.attrGet('start') or 1) + number}. " if of.type == "ordered_list" else "• "
    inside = [line for child in item.children for line in _lines(child)] or [""]
    return [mark + inside[0], *(" " * len(mark) + line for line in inside[1:])]


def words_of(node: SyntaxTreeNode) -> str:
    """The words within; links with their addresses, pictures by what describes them."""
    match node.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return f"[{node.content}]"
        case "link":
            words, address = "".join(map(words_of, node.children)), str(node.attrGet("href") or "")
            return words if not address or words == address else f"{words} ({address})"
        case "text" | "code_inline":
            return node.content
        case _:
            return "".join(map(words_of, node.children))
