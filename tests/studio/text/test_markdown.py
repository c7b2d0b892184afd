"""What a text may become in a page."""

import time

import pytest

from studio.text.markdown import LONGEST_BLOCK, html_of


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("# One\n\n## Two", "<h2>One</h2>\n<h3>Two</h3>\n"),
        ("###### Six", "<h6>Six</h6>\n"),
        ("a\nb", "<p>a<br>\nb</p>\n"),
        ("**b** _i_ `c` ~~s~~", "<p><strong>b</strong> <em>i</em> <code>c</code> <s>s</s></p>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("> q", "<blockquote>\n<p>q</p>\n</blockquote>\n"),
        ("```js\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n"),
        ("[ij8](https://a.test)", '<p><a href="https://a.test" rel="nofollow noopener noreferrer">ij8</a></p>\n'),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ('<img src=x onerror="y">', '<p>&lt;img src=x onerror="y"&gt;</p>\n'),
        ("[j](javascript:alert)", "<p>[j](javascript:alert)</p>\n"),
        ("[j](data:text/html,x)", "<p>[j](data:text/html,x)</p>\n"),
        ("![a <b> cat](https://a.test/c.png)", "<p>[a &lt;b&gt; cat]</p>\n"),
        ("![](https://a.test/c.png)", "<p></p>\n"),
    ],
)
def test_markdown_becomes_plain_parts_of_a_page(markdown: str, html: str) -> None:
    assert html_of(markdown) == html


@pytest.mark.parametrize("sign", ["[", "![", "a_", "> ", "- ", "*", "`", "<", "[a]("])
def test_signs_that_never_close_cost_little(sign: str) -> None:
    begun = time.process_time()
    html_of(sign * (LONGEST_BLOCK // len(sign)))
    assert time.process_time() - begun < 1
