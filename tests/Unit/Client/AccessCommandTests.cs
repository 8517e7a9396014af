using EmailTracking.Access;

namespace EmailTracking.Tests.Unit.Client;

public sealed class AccessCommandTests
{
    private const string User = "11111111-2222-3333-4444-555555555555";

    private readonly FakeCluster _cluster = new();

    [Fact]
    public async Task A_key_is_made_shown_once_listed_and_revoked()
    {
        var made = await RunAsync("key create archive --role user --scope deliverMail --scope readmailboxes --days 10 --by Ana --user " + User);
        Assert.Equal(FakeAccess.Secret, made.Words);
        Assert.Contains("This is shown once", made.Errors, StringComparison.Ordinal);
        var key = Assert.Single(_cluster.Access.Keys);
        Assert.Equal((Role.User, Guid.Parse(User), "Ana"), (key.Role, key.SystemUser!.Value, key.CreatedBy));
        Assert.Equal([Privilege.DeliverMail, Privilege.ReadMailboxes], key.Scopes.AsEnumerable());
        Assert.Equal(TimeSpan.FromDays(10), key.ExpiresOn - key.CreatedOn);

        var listed = (await RunAsync("key list")).Words;
        Assert.Contains($"{key.Id} archive user {User} delivermail, readmailboxes", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeAccess.Secret, listed, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync($"key revoke {key.Id} --by Ben")).Code);
        Assert.Contains("by Ben", (await RunAsync("key list")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key create x --role king",                               "There is no role 'king'. Roles: reader, user, operator, administrator.")]
    [InlineData("key create x --role reader --scope fly",                 "There is no privilege 'fly'.")]
    [InlineData("key create x --role reader --scope delivermail",         "A key of role reader cannot have delivermail")]
    [InlineData("key create x --role reader --days 400",                  "--days takes a number from 1 to 366, not '400'.")]
    [InlineData("key create x",                                           "--role")]
    [InlineData("key revoke 1",                                           "There is no key 1. See: emailtracking key list")]
    [InlineData("principal remove s1",                                    "Nobody said what 's1' is.")]
    [InlineData("principal set s1 --role user --team " + User,            "Name the user whose teams they are.")]
    public async Task What_makes_no_sense_is_refused_with_what_to_do(string line, string problem)
    {
        var ran = await RunAsync(line);
        Assert.Equal(1, ran.Code);
        Assert.Contains(problem, ran.Errors, StringComparison.Ordinal);
        Assert.Empty(_cluster.Access.Keys);
        Assert.Empty(_cluster.Access.People);
    }

    [Fact]
    public async Task Somebody_is_set_listed_and_removed()
    {
        Assert.Equal("Ana is user.", (await RunAsync($"principal set s1 --name Ana --role user --user {User} --team {User} --by Ben")).Words);
        Assert.Equal("Ana is operator.", (await RunAsync("principal set s1 --role operator --by Ben")).Words);
        Assert.Contains("s1 Ana operator", (await RunAsync("principal list")).Words, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("principal remove s1")).Code);
        Assert.Contains("Nobody is let in yet.", (await RunAsync("principal list")).Words, StringComparison.Ordinal);
    }

    private Task<Ran> RunAsync(string line) => Shell.RunAsync(_cluster, line.Split(' '));
}
