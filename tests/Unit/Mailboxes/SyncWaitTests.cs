using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;

namespace EmailTracking.Tests.Unit.Mailboxes;

/// <summary>Polling where nothing pushes, in minutes.</summary>
public sealed class SyncWaitTests
{
    [Theory]
    [InlineData(null, 2)]    // Something was new:
    [InlineData(2, 4)]       // then nothing, nothing, ...
    [InlineData(4, 8)]
    [InlineData(8, 12)]
    [InlineData(12, 12)]
    [InlineData(1, 2)]       // The profile has other bounds now.
    [InlineData(60, 12)]
    public void The_wait_doubles_from_2_to_12_minutes_while_nothing_is_new(int? before, int after)
    {
        using var wait = new SyncWait(new ServerProfile { Name = "any", Host = "mail.contoso.com" }, before is { } length ? TimeSpan.FromMinutes(length) : null, TimeProvider.System);
        Assert.Equal(TimeSpan.FromMinutes(after), wait.Length);
    }
}
