using EmailTracking.Access;

namespace EmailTracking.Tests.Unit.Access;

public sealed class KeyTextTests
{
    [Fact]
    public void A_new_key_is_read_back_and_no_two_are_the_same()
    {
        var (id, secret) = KeyText.New();
        Assert.True(KeyText.TryParse(KeyText.Of(id, secret), out var read, out var digest));
        Assert.Equal((id, KeyText.Digest(secret)), (read, digest));
        Assert.NotEqual(KeyText.New(), KeyText.New());
        Assert.Equal(84, KeyText.Of(id, secret).Length);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("et_")]
    [InlineData("et_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde")]
    [InlineData("et_0123456789abcdef_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeF")]
    [InlineData("et_0123456789abcdeg_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("et_0123456789abcdef.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public void What_is_no_key_is_told_before_anybody_is_asked(string? text) => Assert.False(KeyText.TryParse(text, out _, out _));

    [Fact]
    public void Every_privilege_and_role_is_in_the_table()
    {
        // An administrator may do everything, and whoever may change something may do it for what they may see.
        Assert.All(Enum.GetValues<Privilege>(), privilege =>
            Assert.Equal(Reach.All, RolePrivileges.ReachOf(Role.Administrator, privilege)));
        Assert.Equal(Reach.None, RolePrivileges.ReachOf((Role)9, Privilege.ReadMail));
        Assert.Equal(Reach.None, RolePrivileges.ReachOf(Role.Administrator, (Privilege)99));
    }

    [Fact]
    public void A_scope_takes_away_and_never_gives()
    {
        var reader = new Principal("key:1", "A", Role.Reader, null, [], [Privilege.ReadMailboxes, Privilege.ChangeSettings]);
        Assert.Equal(Reach.Own, reader.ReachOf(Privilege.ReadMailboxes));
        Assert.Equal(Reach.None, reader.ReachOf(Privilege.ChangeSettings));
        Assert.Equal(Reach.None, reader.ReachOf(Privilege.ReadSettings));
    }
}
