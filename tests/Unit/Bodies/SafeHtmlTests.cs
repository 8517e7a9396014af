using EmailTracking.Silo.Bodies;

namespace EmailTracking.Tests.Unit.Bodies;

/// <summary>What is left of a stranger's HTML. That nothing of it runs or loads is shown in a browser.</summary>
public sealed class SafeHtmlTests
{
    [Theory]
    [InlineData("<p style=\"color: red\">Hello <b>Ana</b></p>", "<p style=\"color: rgba(255, 0, 0, 1)\">Hello <b>Ana</b></p>")]
    [InlineData("<o:p>Outlook's own</o:p> <form>and <input>forms</form>", "Outlook's own and forms")]
    [InlineData("<style>p{color:red}</style><script>no()</script><title>no</title>words", "words")]
    [InlineData("<p style=\"position:fixed;width:9px\">x</p>", "<p style=\"width: 9px\">x</p>")]
    [InlineData("<a href=\"javascript:no()\">x</a>", "<a>x</a>")]
    [InlineData("<p class=a id=b onclick=no()>x</p>", "<p>x</p>")]
    [InlineData("<frameset><frame src=x></frameset>", "")]
    [InlineData("", "")]
    public async Task Words_and_looks_stay(string html, string expected) => Assert.Equal(expected, (await SafeAsync(html)).Body);

    [Fact]
    public async Task A_link_opens_apart_and_tells_where_it_leads() => Assert.Equal(
        "<a href=\"https://fabrikam.com/\" title=\"https://fabrikam.com/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">our bank</a>",
        (await SafeAsync("<a href=\"https://fabrikam.com/\" target=_top title=\"https://bank.example\">our bank</a>")).Body);

    [Theory]
    [InlineData("<img src=http://fabrikam.com/a.png>", false, "<img>", 1)]
    [InlineData("<img src=https://fabrikam.com/a.png>", false, "<img>", 1)]
    [InlineData("<img src=https://fabrikam.com/a.png>", true, "<img src=\"https://fabrikam.com/a.png\">", 0)]
    [InlineData("<img src=http://fabrikam.com/a.png>", true, "<img>", 0)]
    [InlineData("<img src=cid:logo%40x>", false, "<img src=\"data:logo@x\">", 0)]
    [InlineData("<img src=cid:other>", false, "<img>", 0)]
    [InlineData("<img src=a.png>", true, "<img>", 0)]
    [InlineData("<img src=data:image/svg+xml,x>", true, "<img>", 0)]
    public async Task Pictures_from_elsewhere_wait_until_they_are_asked_for(string html, bool showsRemote, string expected, int blocked) =>
        Assert.Equal(new SafeHtml(expected, blocked), await SafeAsync(html, showsRemote));

    [Fact]
    public async Task What_is_too_long_or_too_deep_is_not_shown()
    {
        Assert.Null(await SafeHtml.OfAsync(new string('x', SafeHtml.LengthMax + 1), _ => null, false, default));
        Assert.Null(await SafeHtml.OfAsync(string.Concat(Enumerable.Repeat("<div>", 5_000)), _ => null, false, default));
        Assert.NotNull(await SafeHtml.OfAsync(string.Concat(Enumerable.Repeat("<div>", 200)), _ => null, false, default));
    }

    private static async Task<SafeHtml> SafeAsync(string html, bool showsRemote = false) =>
        (await SafeHtml.OfAsync(html, id => id == "logo@x" ? $"data:{id}" : null, showsRemote, default))!;
}
