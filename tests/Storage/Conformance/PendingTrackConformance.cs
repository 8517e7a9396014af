using EmailTracking.Acts;
using EmailTracking.Storage;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What people tracked and is not here yet.</summary>
public abstract class PendingTrackConformance : StoreConformance
{
    private static readonly Guid Act = new(7, 0, 0, new byte[8]);

    private IPendingTracks Pending => Silo.Pending;

    [Fact]
    public async Task What_is_pending_is_kept_once_and_read_in_order_of_time()
    {
        var (first, second) = (Track("a@x", Ana) with { Record = new RecordReference("account", Guid.NewGuid()) }, Track("b@x", Bo));
        var early = Track("c@x", Ana) with { Act = Guid.NewGuid(), CreatedOn = Time.Now.AddMinutes(-1), Problem = "No.", NextStep = "Wait." };
        await Pending.AddAsync(Organization, [second with { Record = first.Record }, first]);
        await Pending.AddAsync(Organization, [early]);
        await Pending.AddAsync(Organization, [first with { By = "Ben" }]);
        await Pending.AddAsync("other", [first]);
        Assert.Equal([early, first, second with { Record = first.Record }], (await Pending.ReadAsync(Organization)).AsEnumerable());
        Assert.Equal([first], (await Pending.ReadAsync("other")).AsEnumerable());
    }

    [Fact]
    public async Task How_a_try_went_is_kept_and_nothing_comes_back_that_was_removed()
    {
        var track = Track("a@x", Ana);
        await Pending.AddAsync(Organization, [track]);
        var tried = track with { Tries = 3, TryOn = Time.Now.AddMinutes(5), Problem = "It is not there.", NextStep = "Bring it." };
        await Pending.SaveTryAsync(Organization, tried);
        Assert.Equal([tried], (await Pending.ReadAsync(Organization)).AsEnumerable());
        Assert.False(await Pending.RemoveAsync("other", track));
        Assert.True(await Pending.RemoveAsync(Organization, track));
        Assert.False(await Pending.RemoveAsync(Organization, track));
        await Pending.SaveTryAsync(Organization, tried);
        Assert.Empty(await Pending.ReadAsync(Organization));
    }

    private PendingTrack Track(string id, string mailbox) => new()
    {
        Act = Act,
        Mailbox = EmailAddress.TryParse(mailbox, out var address) ? address : throw new ArgumentException(mailbox),
        MessageId = MessageId.TryParse($"<{id}>", out var parsed) ? parsed : throw new ArgumentException(id),
        By = "Ana",
        On = Time.Now.AddDays(-1),
        CreatedOn = Time.Now,
        TryOn = Time.Now,
    };
}
