using System.Security.Cryptography;
using System.Text;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Raw mail, byte for byte, for as long as it is needed.</summary>
public abstract class ContentStoreConformance : StoreConformance
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Text_comes_back_as_it_was_given(int length)
    {
        var mail = Encoding.ASCII.GetBytes(new string('a', length));

        Assert.Equal(mail, (await Silo.Content.GetAsync(Organization, await PutAsync(mail)))!.Value.ToArray());
    }

    [Theory]
    [InlineData(300)]
    [InlineData(3_000_000)]
    public async Task Bytes_that_cannot_be_compressed_come_back_as_they_were_given(int length)
    {
        var mail = new byte[length];
        new Random(7).NextBytes(mail);

        Assert.Equal(mail, (await Silo.Content.GetAsync(Organization, await PutAsync(mail)))!.Value.ToArray());
    }

    [Fact]
    public async Task The_name_is_the_digest_of_the_bytes()
    {
        byte[] mail = [1, 2, 3];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(mail)), await PutAsync(mail));
        Assert.Null(await Silo.Content.GetAsync(Organization, new string('0', 64)));
        Assert.Null(await Silo.Content.GetAsync("other", await PutAsync(mail)));
    }

    [Fact]
    public async Task Keeping_again_writes_nothing()
    {
        await PutAsync([1, 2, 3]);
        var before = await Database.DigestAsync();

        Time.Now += TimeSpan.FromMinutes(1);
        await PutAsync([1, 2, 3]);

        Assert.Equal(before, await Database.DigestAsync());
    }

    [Fact]
    public async Task An_operation_id_stays_with_the_bytes_that_it_came_with()
    {
        var operation = new DeliveryOperation(Letter.Address(Ana), "op-1");

        Assert.False((await Silo.Content.PutAsync(Organization, new byte[] { 1 }, operation)).IsOperationReused);
        Assert.False((await Silo.Content.PutAsync(Organization, new byte[] { 1 }, operation)).IsOperationReused);
        Assert.True((await Silo.Content.PutAsync(Organization, new byte[] { 2 }, operation)).IsOperationReused);
        Assert.True((await Silo.Content.PutAsync(Organization, new byte[] { 2 }, operation)).IsOperationReused);
        Assert.False((await Silo.Content.PutAsync(
            Organization, new byte[] { 2 }, operation with { Mailbox = Letter.Address(Bo) })).IsOperationReused);
        Assert.False((await Silo.Content.PutAsync("other", new byte[] { 2 }, operation)).IsOperationReused);
    }

    [Fact]
    public async Task An_operation_id_is_free_again_after_a_week()
    {
        var operation = new DeliveryOperation(Letter.Address(Ana), "op-1");
        await Silo.Content.PutAsync(Organization, new byte[] { 1 }, operation);

        Time.Now += TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1);

        Assert.False((await Silo.Content.PutAsync(Organization, new byte[] { 2 }, operation)).IsOperationReused);
        Assert.True((await Silo.Content.PutAsync(Organization, new byte[] { 1 }, operation)).IsOperationReused);
    }

    [Fact]
    public async Task Parts_make_a_whole_whatever_their_order()
    {
        var mail = new byte[2_500_000];
        new Random(7).NextBytes(mail);
        await StageAsync(mail, 2_000_000, 500_000);
        await StageAsync(mail, 0, 1_000_000);
        Assert.Null(await Silo.Content.ReadStagedAsync(Organization, "up", mail.Length));

        await StageAsync(mail, 1_000_000, 1_000_000);
        await StageAsync(mail, 1_000_000, 1_000_000);

        Assert.Equal(mail, (await Silo.Content.ReadStagedAsync(Organization, "up", mail.Length))!.Value.ToArray());
        Assert.Null(await Silo.Content.ReadStagedAsync(Organization, "up", mail.Length - 1));
        Assert.Null(await Silo.Content.ReadStagedAsync(Organization, "up", mail.Length + 1));
        Assert.Null(await Silo.Content.ReadStagedAsync("other", "up", mail.Length));
    }

    [Fact]
    public async Task Parts_may_overlap_when_a_client_goes_on_with_others()
    {
        var mail = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
        await StageAsync(mail, 0, 60);
        await StageAsync(mail, 40, 60);

        Assert.Equal(mail, (await Silo.Content.ReadStagedAsync(Organization, "up", mail.Length))!.Value.ToArray());
    }

    [Fact]
    public async Task An_upload_that_was_discarded_is_gone()
    {
        await StageAsync(new byte[10], 0, 10);
        await Silo.Content.DiscardStagedAsync(Organization, "up");

        Assert.Null(await Silo.Content.ReadStagedAsync(Organization, "up", 10));
    }

    [Fact]
    public async Task A_part_of_more_than_a_megabyte_is_refused() => await Assert.ThrowsAsync<ArgumentException>(
        () => Silo.Content.StageAsync(Organization, "up", 0, new byte[(1 << 20) + 1]));

    [Fact]
    public async Task What_is_released_goes_with_the_next_sweep_unless_it_is_needed()
    {
        var letter = new Letter("needed@x");
        var needed = await PutAsync([9]);
        await Silo.DeliverAsync(letter.In(Bo) with { ContentHash = needed });
        var hash = await PutAsync([1]);

        await Silo.Content.ReleaseAsync(Organization, hash);
        await Silo.Content.ReleaseAsync(Organization, needed);
        await Silo.Content.ReleaseAsync(Organization, new string('0', 64));

        Assert.Equal(0, await Silo.Content.SweepAsync(Organization, Time.Now + TimeSpan.FromMinutes(9)));
        Assert.Equal(1, await Silo.Content.SweepAsync(Organization, Time.Now + TimeSpan.FromMinutes(11)));
        Assert.Null(await Silo.Content.GetAsync(Organization, hash));
        Assert.NotNull(await Silo.Content.GetAsync(Organization, needed));
    }

    [Fact]
    public async Task What_nothing_needs_is_swept_after_a_day()
    {
        var hash = await PutAsync([1]);
        await StageAsync(new byte[10], 0, 10);

        Assert.Equal(0, await Silo.Content.SweepAsync(Organization, Time.Now + Day - TimeSpan.FromMinutes(1)));
        Assert.Equal(2, await Silo.Content.SweepAsync(Organization, Time.Now + Day + TimeSpan.FromMinutes(1)));
        Assert.Null(await Silo.Content.GetAsync(Organization, hash));
        Assert.Null(await Silo.Content.ReadStagedAsync(Organization, "up", 10));
    }

    [Fact]
    public async Task Mail_that_came_again_has_another_day()
    {
        var hash = await PutAsync([1]);
        var firstDay = Time.Now + Day;
        Time.Now += TimeSpan.FromHours(20);
        await PutAsync([1]);

        Assert.Equal(0, await Silo.Content.SweepAsync(Organization, firstDay));
        Assert.NotNull(await Silo.Content.GetAsync(Organization, hash));
    }

    //          mailbox filter  answers  after days -> kept
    [Theory]
    [InlineData("All",          false,   400,          true)]      // Tracked.
    [InlineData("None",         false,   2,            false)]     // Skipped.
    [InlineData("Replies",      true,    29,           true)]      // Waits.
    [InlineData("Replies",      true,    31,           false)]     // Waits no longer.
    public async Task Mail_is_kept_as_long_as_its_decision_needs_it(string filter, bool answers, int days, bool kept)
    {
        await Silo.MailboxAsync(Ana, Enum.Parse<FilterMethod>(filter));
        var mail = new Letter("m@x") { Answers = answers ? "p@x" : null }.In(Ana) with { ContentHash = await PutAsync([1]) };
        await Silo.DeliverAsync(mail);

        await Silo.Content.SweepAsync(Organization, Time.Now + Day + Day);
        await Silo.Content.SweepAsync(Organization, Time.Now + TimeSpan.FromDays(days));

        Assert.Equal(kept, await Silo.Content.GetAsync(Organization, mail.ContentHash) is not null);
    }

    [Fact]
    public async Task Mail_that_is_decided_again_by_its_headers_keeps_its_bytes()
    {
        await Silo.MailboxAsync(Ana, FilterMethod.All);
        var mail = new Letter("m@x").In(Ana) with { ContentHash = await PutAsync([1]) };
        await Silo.DeliverAsync(mail);
        await Silo.DeliverAsync(mail with { ContentHash = Sighting.NoContent, IsRetry = true });

        await Silo.Content.SweepAsync(Organization, Time.Now + Day + Day);
        Assert.NotNull(await Silo.Content.GetAsync(Organization, mail.ContentHash));
    }

    [Fact]
    public async Task Deferred_mail_and_dead_letters_keep_their_bytes()
    {
        var deferred = new Letter("m@x").In(Ana) with { ContentHash = await PutAsync([1]) };
        await Silo.Outbox.DeferAsync(Organization, [deferred], Time.Now);
        var dead = await PutAsync([2]);
        await Silo.Outbox.BuryAsync(Organization, new DeadLetter(
            new SightingPlace(Letter.Address(Ana), "Inbox", "9"), "parse", ReasonCode.NotMail, "No header.", dead, Time.Now));

        Assert.Equal(0, await Silo.Content.SweepAsync(Organization, Time.Now + TimeSpan.FromDays(100)));
        Assert.NotNull(await Silo.Content.GetAsync(Organization, deferred.ContentHash));
        Assert.NotNull(await Silo.Content.GetAsync(Organization, dead));
    }

    private async Task<string> PutAsync(byte[] mail) => (await Silo.Content.PutAsync(Organization, mail, null)).Hash;

    private Task StageAsync(byte[] mail, int offset, int length) =>
        Silo.Content.StageAsync(Organization, "up", offset, mail.AsMemory(offset, length));
}
