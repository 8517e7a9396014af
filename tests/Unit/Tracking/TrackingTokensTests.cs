using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class TrackingTokensTests
{
    [Theory]
    //          subject                                  prefixes      -> tokens
    [InlineData("Order CRM:0001001",                     "CRM:",          "CRM:0001001")]
    [InlineData("CRM:0001001 Order",                     "CRM:",          "CRM:0001001")]    // Any position.
    [InlineData("AW: Order CRM:0001001 of Monday",       "CRM:",          "CRM:0001001")]
    [InlineData("Order (CRM:0001001)",                   "CRM:",          "CRM:0001001")]
    [InlineData("Order crm:0001001",                     "CRM:",          "CRM:0001001")]    // Case plays no part.
    [InlineData("Order CRM: 0001001",                    "CRM:",          "CRM:0001001")]    // Broken by a line.
    [InlineData("Order CRM:00010001",                    "CRM:",          "CRM:00010001")]   // zammad#899: other counts of digits.
    [InlineData("Order CRM:0001001 CRM:0001002",         "CRM:",          "CRM:0001001 CRM:0001002")]
    [InlineData("Order CRM:0001001 CRM:0001001",         "CRM:",          "CRM:0001001")]
    [InlineData("Order OLD:0001001",                     "CRM:|OLD:",     "OLD:0001001")]    // Prefixes used before stay valid.
    [InlineData("Order OLD:0001001",                     "CRM:",          "")]
    [InlineData("Dynamics 365 apps:0001001",             "365 apps:",     "365 APPS:0001001")]
    [InlineData("Order [C+1]0001001",                    "[C+1]",         "[C+1]0001001")]   // A prefix is text, not a pattern.
    [InlineData("Order XCRM:0001001",                    "CRM:",          "")]               // Part of another word.
    [InlineData("Order CRM:1001",                        "CRM:",          "")]               // Four digits.
    [InlineData("Order CRM:10010",                       "CRM:",          "CRM:10010")]
    [InlineData("Order CRM:12345678901234567890123456789", "CRM:",        "")]               // 29 digits.
    [InlineData("Order CRM:٠٠٠١٠٠١",                     "CRM:",          "")]               // Digits are 0 to 9.
    [InlineData("Order",                                 "CRM:",          "")]
    [InlineData("Order CRM:0001001",                     "",              "")]
    public void Tokens_are_a_prefix_and_digits(string subject, string prefixes, string tokens) => Assert.Equal(
        tokens,
        string.Join(' ', TrackingTokens.In(subject, [.. prefixes.Split('|', StringSplitOptions.RemoveEmptyEntries)])));

    [Fact]
    public void Eight_are_kept() =>
        Assert.Equal(8, TrackingTokens.In(string.Join(' ', Enumerable.Range(10000, 20).Select(i => $"CRM:{i}")), ["CRM:"]).Length);
}
