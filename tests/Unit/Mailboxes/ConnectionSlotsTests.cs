using EmailTracking.Connectors;
using EmailTracking.Mailboxes.Sync;

namespace EmailTracking.Tests.Unit.Mailboxes;

/// <summary>So many connections of a profile read, and so many more only wait.</summary>
public sealed class ConnectionSlotsTests
{
    private const string Organization = "default";

    private static readonly ServerProfile Profile = new() { Name = "one", Host = "mail.contoso.com", ConnectionsMax = 2, IdleMax = 1 };

    private readonly ConnectionSlots _slots = new();

    [Fact]
    public void Unless_a_profile_says_otherwise_10_read_and_1000_wait()
    {
        var profile = new ServerProfile { Name = "any", Host = "mail.contoso.com" };
        Assert.Equal((10, 1_000), (profile.ConnectionsMax, profile.IdleMax));
    }

    [Fact]
    public async Task Who_is_one_too_many_reads_when_another_is_done()
    {
        var first = await ReadAsync();
        using var second = await ReadAsync();
        var third = ReadAsync();
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        using var taken = await third;
        Assert.False(ReadAsync().IsCompleted);
    }

    [Fact]
    public async Task Connections_that_only_wait_take_no_right_to_read_and_have_a_bound_of_their_own()
    {
        var idle = _slots.TryIdle(Organization, Profile);
        Assert.NotNull(idle);
        Assert.Null(_slots.TryIdle(Organization, Profile));
        using var first = await ReadAsync();
        using var second = await ReadAsync();
        idle.Dispose();
        using var again = _slots.TryIdle(Organization, Profile);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Profiles_and_organizations_have_bounds_of_their_own()
    {
        using var first = await ReadAsync();
        using var second = await ReadAsync();
        using var otherProfile = await _slots.ReadAsync(Organization, Profile with { Name = "two" }, default);
        using var otherOrganization = await _slots.ReadAsync("other", Profile, default);
    }

    private Task<IDisposable> ReadAsync() => _slots.ReadAsync(Organization, Profile, default);
}
