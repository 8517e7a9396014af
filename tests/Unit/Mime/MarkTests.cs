namespace EmailTracking.Tests.Unit.Mime;

public sealed class MarkTests
{
    [Theory]
    //          lines                                                                     -> lists
    [InlineData("List-Id: Developers <dev.lists.example>", "dev.lists.example")]
    [InlineData("List-Id: <dev.lists.example>", "dev.lists.example")]
    [InlineData("List-Id: dev.lists.example", "dev.lists.example")]
    [InlineData("List-Id: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= <dev.lists.example>", "dev.lists.example")]
    [InlineData("List-Post: <mailto:dev@lists.example>", "dev@lists.example")]
    [InlineData("List-Post: <MAILTO:dev%2Bnew@lists.example?subject=x>", "dev+new@lists.example")]
    [InlineData("List-Post: <https://lists.example/post>, <mailto:dev@lists.example>", "dev@lists.example")]
    [InlineData("List-Post: NO (posting not allowed)", "")]
    [InlineData("List-Post: mailto:dev@lists.example", "")]
    [InlineData("List-Id: <>", "")]
    [InlineData("Subject: none", "")]
    public void Lists_are_read(string line, string expected)
    {
        Assert.Equal(expected, string.Join(' ', AMail.Headers(AMail.With(line)).Lists));
    }

    [Theory]
    //          Auto-Submitted                  -> passed on
    [InlineData("auto-replied", "auto-replied")]
    [InlineData("auto-generated (by cron)", "auto-generated (by cron)")]
    [InlineData("auto-notified; owner-email=x", "auto-notified; owner-email=x")]
    [InlineData("no", null)]
    [InlineData("NO", null)]
    [InlineData("no (a person wrote this)", null)]
    [InlineData("", null)]
    public void Auto_Submitted_is_passed_on_when_it_says_so(string value, string? expected)
    {
        Assert.Equal(expected, AMail.Headers(AMail.With("Auto-Submitted: " + value)).AutoSubmitted);
    }

    [Theory]
    //          lines                                          -> importance
    [InlineData("Importance: high", 2)]
    [InlineData("Importance: Normal", 1)]
    [InlineData("Importance: LOW", 0)]
    [InlineData("X-Priority: 1 (Highest)", 2)]
    [InlineData("X-Priority: 2", 2)]
    [InlineData("X-Priority: 3", 1)]
    [InlineData("X-Priority: 5(Lowest)", 0)]
    [InlineData("X-MSMail-Priority: High", 2)]
    [InlineData("Priority: urgent", 2)]
    [InlineData("Priority: non-urgent", 0)]
    [InlineData("Importance: normal|X-Priority: 1", 1)]        // Importance is the standard's.
    [InlineData("Importance: whatever|X-Priority: 1", 2)]
    [InlineData("X-Priority: 0|Priority: normal", 1)]
    [InlineData("Subject: none", 1)]
    public void Importance_is_read_from_the_first_header_that_says_something(string lines, int expected)
    {
        Assert.Equal(expected, AMail.Headers(AMail.With(lines.Split('|'))).Importance);
    }
}
