using EmailTracking.Access;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>Keys, people who sign in, and the audit log.</summary>
public abstract class AccessConformance : StoreConformance
{
    private static readonly Guid User = new(1, 0, 0, new byte[8]);
    private static readonly Guid Team = new(2, 0, 0, new byte[8]);

    private IAccess Access => Silo.Access;

    [Fact]
    public async Task A_key_is_found_by_its_id_with_the_digest_of_its_secret()
    {
        var (key, digest) = (Key("a1"), KeyText.Digest("secret"));
        Assert.True(await Access.AddKeyAsync(Organization, key, digest));
        Assert.False(await Access.AddKeyAsync(Organization, key with { Name = "Other" }, digest));
        Equal(key, (await Access.FindKeyAsync(Organization, "a1"))!.Key);
        Assert.Equal(digest, (await Access.FindKeyAsync(Organization, "a1"))!.Digest);
        Assert.Null(await Access.FindKeyAsync(Organization, "a2"));
        Assert.Null(await Access.FindKeyAsync("other", "a1"));
        Assert.DoesNotContain("'secret'", await Database.DumpAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_listed_latest_first_with_who_revoked_them_and_when_they_were_used()
    {
        await Access.AddKeyAsync(Organization, Key("a1"), "d");
        await Access.AddKeyAsync(Organization, Key("a2") with { CreatedOn = Time.Now.AddHours(1), SystemUser = null, Scopes = [] }, "d");
        await Access.NoteUseAsync(Organization, "a1", Time.Now.AddHours(2));
        Assert.True(await Access.RevokeKeyAsync(Organization, "a1", "Ben", Time.Now.AddHours(3)));
        Assert.True(await Access.RevokeKeyAsync(Organization, "a1", "Cleo", Time.Now.AddHours(4)));
        Assert.False(await Access.RevokeKeyAsync(Organization, "a3", "Ben", Time.Now));
        Assert.False(await Access.RevokeKeyAsync("other", "a2", "Ben", Time.Now));

        var keys = await Access.ReadKeysAsync(Organization);
        Assert.Equal(["a2", "a1"], keys.Select(key => key.Id));
        Equal(Key("a2") with { CreatedOn = Time.Now.AddHours(1), SystemUser = null, Scopes = [] }, keys[0]);
        Equal(
            Key("a1") with { LastUsedOn = Time.Now.AddHours(2), RevokedOn = Time.Now.AddHours(3), RevokedBy = "Ben" },
            keys[1]);
        Assert.Empty(await Access.ReadKeysAsync("other"));
    }

    [Fact]
    public async Task What_somebody_is_is_replaced_and_forgotten()
    {
        await Access.SavePersonAsync(Organization, Person("s1") with { Role = Role.Reader, Teams = [] });
        await Access.SavePersonAsync(Organization, Person("s1"));
        await Access.SavePersonAsync(Organization, Person("s0") with { SystemUser = null, Teams = [] });
        Equal(Person("s1"), (await Access.FindPersonAsync(Organization, "s1"))!);
        Assert.Equal(["s0", "s1"], (await Access.ReadPeopleAsync(Organization)).Select(person => person.Subject));
        Assert.Equal([Team], (await Access.ReadTeamsAsync(Organization, User)).AsEnumerable());
        Assert.Empty(await Access.ReadTeamsAsync(Organization, Team));
        Assert.Null(await Access.FindPersonAsync("other", "s1"));

        Assert.True(await Access.RemovePersonAsync(Organization, "s1"));
        Assert.False(await Access.RemovePersonAsync(Organization, "s1"));
        Assert.Null(await Access.FindPersonAsync(Organization, "s1"));
    }

    [Fact]
    public async Task Delegates_of_a_mailbox_are_kept_as_they_were_named_first_and_found_by_mailbox_and_user()
    {
        Assert.True(EmailAddress.TryParse(Ana, out var ana) & EmailAddress.TryParse(Bo, out var bo));
        var first = new Delegation(ana, User, "Ana", Time.Now);
        var second = new Delegation(ana, Team, "Cleo", Time.Now.AddHours(1));
        await Access.AddDelegateAsync(Organization, second);
        await Access.AddDelegateAsync(Organization, first);
        await Access.AddDelegateAsync(Organization, first with { AddedBy = "Ben", AddedOn = Time.Now.AddHours(2) });
        await Access.AddDelegateAsync(Organization, first with { Mailbox = bo });
        Assert.Equal([first, second], (await Access.ReadDelegatesAsync(Organization, ana)).AsEnumerable());
        Assert.Equal([ana, bo], (await Access.ReadDelegationsAsync(Organization, User)).AsEnumerable());
        Assert.Empty(await Access.ReadDelegationsAsync("other", User));
        Assert.False(await Access.RemoveDelegateAsync("other", ana, User));
        Assert.True(await Access.RemoveDelegateAsync(Organization, ana, User));
        Assert.False(await Access.RemoveDelegateAsync(Organization, ana, User));
        Assert.Equal([second], (await Access.ReadDelegatesAsync(Organization, ana)).AsEnumerable());
        Assert.Equal([bo], (await Access.ReadDelegationsAsync(Organization, User)).AsEnumerable());
    }

    [Fact]
    public async Task The_audit_log_is_paged_latest_first_and_an_end_stands()
    {
        var numbers = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            numbers.Add(await Access.AppendAuditAsync(Organization, Entry($"/api/{i}")));
        }

        await Access.AppendAuditAsync("other", Entry("/api/other"));
        await Access.EndAuditAsync(Organization, numbers[4], AuditOutcome.Refused, 422);
        await Access.EndAuditAsync(Organization, numbers[4], AuditOutcome.Done, 200);
        await Access.EndAuditAsync("other", numbers[3], AuditOutcome.Done, 200);

        var first = await Access.ReadAuditAsync(Organization, null, 2);
        Assert.Equal(
            [
                Entry("/api/4") with { Number = numbers[4], Outcome = AuditOutcome.Refused, Status = 422 },
                Entry("/api/3") with { Number = numbers[3] },
            ],
            first.AsEnumerable());
        await Access.AppendAuditAsync(Organization, Entry("/api/5"));
        Assert.Equal(
            ["/api/2", "/api/1", "/api/0"], (await Access.ReadAuditAsync(Organization, first[^1].Number, 10)).Select(entry => entry.Target));
    }

    private ApiKey Key(string id) => new()
    {
        Id = id,
        Name = "Archive",
        Role = Role.User,
        SystemUser = User,
        Scopes = [Privilege.DeliverMail, Privilege.ReadMailboxes],
        CreatedBy = "Ana",
        CreatedOn = Time.Now,
        ExpiresOn = Time.Now.AddDays(30),
    };

    private SignedIn Person(string subject) => new(subject, "Ana", Role.User, User, [Team], "Ben", Time.Now);

    private AuditEntry Entry(string target) => new(0, Time.Now, "key:a1", "Archive", "act", target, AuditOutcome.Begun, null);

    // Arrays are the same when what is in them is.
    private static void Equal(ApiKey expected, ApiKey actual)
    {
        Assert.Equal(expected.Scopes.AsEnumerable(), actual.Scopes);
        Assert.Equal(expected with { Scopes = [] }, actual with { Scopes = [] });
    }

    private static void Equal(SignedIn expected, SignedIn actual)
    {
        Assert.Equal(expected.Teams.AsEnumerable(), actual.Teams);
        Assert.Equal(expected with { Teams = [] }, actual with { Teams = [] });
    }
}
