using EmailTracking.Erasing;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Client;

public sealed class EraseCommandTests
{
    private static readonly DateTimeOffset On = new(2026, 5, 3, 8, 0, 0, TimeSpan.Zero);
    private static readonly RecordReference Contact = new("contact", new Guid("3f2504e0-4f89-11d3-9a0c-0305e82c3301"));

    private static readonly Erasure Begun = new()
    {
        Id = Guid.Empty, Kind = ErasureKind.Address, AddressDigest = new string('a', 64), By = "Ana", On = On, Why = "her request",
    };

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task Without_a_yes_it_is_said_what_would_go_and_nothing_is_done()
    {
        _cluster.Erasures.Previewed = new ErasurePreview(
            1234, 2345, 56789, [new ErasableEmail(1, default(MessageKey), Contact.Id, On)], [Contact], null);

        var ran = await Shell.RunAsync(_cluster, "erase", "--address", "ana@fabrikam.com");

        Assert.Equal(0, ran.Code);
        Assert.Empty(_cluster.Erasures.Calls);
        Assert.Contains("1,234 emails with 2,345 copies and 56,789 bytes of raw mail would be erased.", ran.Output, StringComparison.Ordinal);
        Assert.Contains("2026-05-03", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"emailtracking records delete {Contact}", ran.Output, StringComparison.Ordinal);
        Assert.Contains("emailtracking erase --address ana@fabrikam.com --yes", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_yes_it_is_done_and_reported_once_it_is()
    {
        _cluster.Erasures.Answer = new ErasureAnswer(Begun, [Contact], null);
        _cluster.Erasures.Found = Begun with { Emails = 3, Copies = 4, Bytes = 500, SweptOn = On };

        var ran = await Shell.RunAsync(_cluster, "erase", "--address", "ana@fabrikam.com", "--by", "Ana", "--why", "her request", "--yes");

        Assert.Equal(0, ran.Code);
        var call = Assert.Single(_cluster.Erasures.Calls);
        Assert.Equal(("ana@fabrikam.com", "Ana", "her request"), (call.Address, call.By, call.Why));
        Assert.Contains("3 emails with 4 copies and 500 bytes of raw mail were erased.", ran.Output, StringComparison.Ordinal);
        Assert.Contains($"The address stays with {Contact}", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_done_in_time_goes_on_in_the_background()
    {
        _cluster.Erasures.Answer = new ErasureAnswer(Begun, [], null);
        _cluster.Erasures.Found = Begun with { Emails = 3 };
        var ran = await Shell.RunAsync(_cluster, "erase", "--address", "ana@fabrikam.com", "--yes");
        Assert.Contains("in the background", ran.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_erased_is_shown_without_the_address()
    {
        _cluster.Erasures.History =
        [
            Begun with { Emails = 3, SweptOn = On, FinishedOn = On },
            Begun with { Kind = ErasureKind.Retention, AddressDigest = null, By = "Retention", Why = "RetentionDays = 30" },
        ];
        var ran = await Shell.RunAsync(_cluster, "erase", "--history");
        Assert.Contains("address aaaaaaaaaaaa Ana her request 3", ran.Words, StringComparison.Ordinal);
        Assert.Contains("retention Retention RetentionDays = 30", ran.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("erase", "Say whose mail")]
    [InlineData("erase --address nobody", "no address")]
    [InlineData("erase --address nobody --yes", "no address")]
    public async Task What_makes_no_sense_is_refused_in_words(string line, string words)
    {
        _cluster.Erasures.Previewed = new ErasurePreview(0, 0, 0, [], [], "'nobody' is no address.");
        _cluster.Erasures.Answer = new ErasureAnswer(null, [], "'nobody' is no address.");
        var ran = await Shell.RunAsync(_cluster, line.Split(' '));
        Assert.Equal(1, ran.Code);
        Assert.Contains(words, ran.Errors, StringComparison.Ordinal);
    }
}
