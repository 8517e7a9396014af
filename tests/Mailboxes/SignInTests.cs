using EmailTracking.Connectors;
using EmailTracking.Tests.Mailboxes.Servers;
using EmailTracking.Tracking.Mail;
using Microsoft.Extensions.Time.Testing;

namespace EmailTracking.Tests.Mailboxes;

/// <summary>TLS, passwords, tokens, and where secrets are.</summary>
public sealed class SignInTests
{
    private const string Leak = "hunter2-do-not-show";

    [Theory]
    [InlineData(ConnectionSecurity.ImplicitTls)]
    [InlineData(ConnectionSecurity.StartTls)]
    [InlineData(ConnectionSecurity.None)]
    public async Task A_mailbox_opens_by_each_kind_of_protection(ConnectionSecurity security)
    {
        var server = await DovecotServer.GetAsync();
        await using var ana = server.CreateUser();
        var port = security == ConnectionSecurity.ImplicitTls ? server.TlsPort : server.PlainPort;

        await using var session = await Opening.OpenAsync(ana.Profile with { Security = security, Port = port }, ana.Login);

        Assert.Contains("IDLE", session.Abilities.Names);
        Assert.Equal(
            (true, true, true, true, false),
            (session.Abilities.Pushes, session.Abilities.CountsChanges, session.Abilities.TellsGone, session.Abilities.KeepsLabels,
                session.Abilities.HasFolderIds));
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_it_and_tried_once()
    {
        var server = await DovecotServer.GetAsync();
        await using var ana = server.CreateUser();
        Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_WRONG", Leak);
        await using var wire = new Wire(server.PlainPort);
        var profile = ana.Profile with { Port = wire.Port, Security = ConnectionSecurity.None };

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(profile, ana.Login with { Secret = "env:EMAILTRACKING_TEST_WRONG" }));

        Assert.Equal(ServerProblemKind.SignIn, refused.Kind);
        Assert.False(refused.IsTransient);
        Assert.DoesNotContain(Leak, refused.ToString(), StringComparison.Ordinal);
        Assert.Single(wire.Commands, command => command.Contains("AUTHENTICATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_repeats_the_password_does_not_bring_it_into_a_text()
    {
        await using var server = new ReplayServer();
        server.On("LOGIN", question => question.SayAsync($"{question.Tag} NO wrong: {question.Command}"));
        server.On("AUTHENTICATE", question => question.SayAsync($"{question.Tag} BAD wrong: {Leak}"));
        Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_REPEATED", Leak);

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(server.Profile, Opening.Anybody with { Secret = "env:EMAILTRACKING_TEST_REPEATED" }));

        Assert.Equal(ServerProblemKind.SignIn, refused.Kind);
        Assert.DoesNotContain(Leak, refused.ToString() + refused.NextStep, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO [UNAVAILABLE] later", ServerProblemKind.Connection)]
    [InlineData("NO [LIMIT] too many sessions", ServerProblemKind.Throttled)]
    [InlineData("NO [AUTHENTICATIONFAILED] wrong", ServerProblemKind.SignIn)]
    [InlineData("NO wrong", ServerProblemKind.SignIn)]
    public async Task A_refused_sign_in_is_told_by_its_code(string answer, ServerProblemKind kind)
    {
        await using var server = new ReplayServer { Capabilities = "AUTH=PLAIN SASL-IR" };
        server.On("AUTHENTICATE", question => question.SayAsync($"{question.Tag} {answer}"));

        Assert.Equal(kind, (await Assert.ThrowsAsync<MailServerException>(() => Opening.OpenAsync(server.Profile, Opening.Anybody))).Kind);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_not_trusted()
    {
        await using var ana = (await DovecotServer.GetAsync()).CreateUser();

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(ana.Profile with { CertificateAuthorities = null }, ana.Login));

        Assert.Equal(ServerProblemKind.Certificate, refused.Kind);
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_not_trusted()
    {
        await using var ana = (await DovecotServer.GetAsync()).CreateUser();

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(ana.Profile with { Host = "127.0.0.1" }, ana.Login));

        Assert.Equal(ServerProblemKind.Certificate, refused.Kind);
        Assert.Contains("not for 127.0.0.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_on_a_port_without_it_is_a_matter_of_the_profile()
    {
        var server = await DovecotServer.GetAsync();
        await using var ana = server.CreateUser();

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(ana.Profile with { Port = server.PlainPort }, ana.Login));

        Assert.Equal(ServerProblemKind.Configuration, refused.Kind);
    }

    [Fact]
    public async Task A_server_without_starttls_is_not_read_without_it()
    {
        await using var server = new ReplayServer();

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(server.Profile with { Security = ConnectionSecurity.StartTls }, Opening.Anybody));

        Assert.Equal(ServerProblemKind.Configuration, refused.Kind);
        Assert.DoesNotContain(server.Asked, command => command.StartsWith("AUTHENTICATE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_listens_and_a_name_that_is_none_are_told_as_a_connection()
    {
        await using var gone = new ReplayServer();
        var profile = gone.Profile;
        await gone.DisposeAsync();

        var refused = await Assert.ThrowsAsync<MailServerException>(() => Opening.OpenAsync(profile, Opening.Anybody));
        var unknown = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(profile with { Host = "no-such-host.invalid" }, Opening.Anybody));

        Assert.Equal((ServerProblemKind.Connection, ServerProblemKind.Connection), (refused.Kind, unknown.Kind));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Leak)]
    [InlineData("env:EMAILTRACKING_TEST_NONE")]
    [InlineData("file:/nonexistent/secret")]
    [InlineData("file:/")]
    [InlineData("file:")]
    public async Task A_secret_that_is_not_where_it_should_be_is_a_matter_of_configuration(string? secret)
    {
        await using var server = new ReplayServer();

        var missing = await Assert.ThrowsAsync<MailServerException>(
            () => Opening.OpenAsync(server.Profile, Opening.Anybody with { Secret = secret }));

        Assert.Equal(ServerProblemKind.Configuration, missing.Kind);
        Assert.DoesNotContain(Leak, missing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_read_from_a_file_without_its_line_break()
    {
        await using var ana = (await DovecotServer.GetAsync()).CreateUser(password: "from a file");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "from a file\r\n");
            await using var session = await Opening.OpenAsync(ana.Profile, ana.Login with { Secret = $"file:{file}" });
            Assert.Equal(3, (await session.ListFoldersAsync(CancellationToken.None)).Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(SignInMethod.ClientCredentials)]
    [InlineData(SignInMethod.RefreshToken)]
    public async Task A_token_of_the_endpoint_opens_a_mailbox_and_is_kept_until_it_ends(SignInMethod method)
    {
        await using var endpoint = new TokenEndpoint();
        await using var server = await WithTokensAsync(endpoint);
        await using var ana = server.CreateUser();
        endpoint.OwnerOf = token => token.StartsWith("token-", StringComparison.Ordinal) ? ana.Address : null;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var connector = Tokens.Connector(time);
        var (profile, login) = Tokens.Of(ana.Profile, ana.Address, endpoint, method);

        for (var turn = 0; turn < 3; turn++)
        {
            await using var session = await connector.OpenAsync(profile, login, CancellationToken.None);
            Assert.NotEmpty(await session.ListFoldersAsync(CancellationToken.None));
        }

        var form = Assert.Single(endpoint.Asked);
        Assert.Equal(method == SignInMethod.RefreshToken ? "refresh_token" : "client_credentials", form["grant_type"]);
        Assert.Equal(("client", "client-secret", "mail.read"), (form["client_id"], form["client_secret"], form["scope"]));
        Assert.Equal(method == SignInMethod.RefreshToken ? "the-refresh-token" : null, form.GetValueOrDefault("refresh_token"));

        time.Advance(TimeSpan.FromMinutes(56));
        await using var later = await connector.OpenAsync(profile, login, CancellationToken.None);
        Assert.Equal(2, endpoint.Asked.Count);
    }

    [Fact]
    public async Task A_token_taken_back_before_its_time_is_replaced_once()
    {
        await using var endpoint = new TokenEndpoint();
        await using var server = await WithTokensAsync(endpoint);
        await using var ana = server.CreateUser();
        endpoint.OwnerOf = token => token == "token-2" ? ana.Address : null;
        var (profile, login) = Tokens.Of(ana.Profile, ana.Address, endpoint, SignInMethod.ClientCredentials);

        await using var session = await Tokens.Connector(TimeProvider.System).OpenAsync(profile, login, CancellationToken.None);

        Assert.Equal(2, endpoint.Asked.Count);
    }

    [Fact]
    public async Task A_token_that_is_never_taken_is_told_without_it()
    {
        await using var endpoint = new TokenEndpoint();
        await using var server = await WithTokensAsync(endpoint);
        await using var ana = server.CreateUser();
        var (profile, login) = Tokens.Of(ana.Profile, ana.Address, endpoint, SignInMethod.ClientCredentials);

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Tokens.Connector(TimeProvider.System).OpenAsync(profile, login, CancellationToken.None));

        Assert.Equal(ServerProblemKind.SignIn, refused.Kind);
        Assert.DoesNotContain("token-", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, endpoint.Asked.Count);
    }

    [Fact]
    public async Task A_refresh_token_that_the_endpoint_replaces_is_used_from_then_on()
    {
        await using var endpoint = new TokenEndpoint
        {
            Answer = count => (200, $$"""{"access_token":"token-{{count}}","expires_in":"60","refresh_token":"next-{{count}}"}"""),
        };
        await using var server = await WithTokensAsync(endpoint);
        await using var ana = server.CreateUser();
        endpoint.OwnerOf = _ => ana.Address;
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var connector = Tokens.Connector(time);
        var (profile, login) = Tokens.Of(ana.Profile, ana.Address, endpoint, SignInMethod.RefreshToken);

        await using var first = await connector.OpenAsync(profile, login, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(31));
        await using var second = await connector.OpenAsync(profile, login, CancellationToken.None);

        Assert.Equal(["the-refresh-token", "next-1"], endpoint.Asked.Select(form => form["refresh_token"]));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_grant","error_description":"hunter2-do-not-show"}""", ServerProblemKind.SignIn)]
    [InlineData(401, """{"error":"invalid_client"}""", ServerProblemKind.SignIn)]
    [InlineData(400, "<html>", ServerProblemKind.SignIn)]
    [InlineData(404, "", ServerProblemKind.Configuration)]
    [InlineData(302, "", ServerProblemKind.Configuration)]
    [InlineData(429, "", ServerProblemKind.Throttled)]
    [InlineData(503, "", ServerProblemKind.Connection)]
    [InlineData(200, "<html>", ServerProblemKind.Protocol)]
    [InlineData(200, "[]", ServerProblemKind.Protocol)]
    [InlineData(200, """{"access_token":7}""", ServerProblemKind.Protocol)]
    [InlineData(200, """{"access_token":"two\u0001words"}""", ServerProblemKind.Protocol)]
    [InlineData(200, "large", ServerProblemKind.Connection)]
    public async Task An_endpoint_that_gives_no_token_is_told_for_what_it_is(int status, string body, ServerProblemKind kind)
    {
        await using var endpoint = new TokenEndpoint { Answer = _ => (status, body == "large" ? new string(' ', 1_000_000) : body) };
        await using var server = new ReplayServer();
        var (profile, login) = Tokens.Of(server.Profile, "ana@contoso.com", endpoint, SignInMethod.ClientCredentials);

        var none = await Assert.ThrowsAsync<MailServerException>(
            () => Tokens.Connector(TimeProvider.System).OpenAsync(profile, login, CancellationToken.None));

        Assert.Equal(kind, none.Kind);
        Assert.DoesNotContain(Leak, none.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("client-secret", none.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://login.contoso.com/token")]
    [InlineData("ftp://127.0.0.1/token")]
    [InlineData("https://user:word@login.contoso.com/token")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Secrets_go_to_https_addresses_only(string? address)
    {
        await using var endpoint = new TokenEndpoint();
        await using var server = new ReplayServer();
        var (profile, login) = Tokens.Of(server.Profile, "ana@contoso.com", endpoint, SignInMethod.ClientCredentials);

        var refused = await Assert.ThrowsAsync<MailServerException>(
            () => Tokens.Connector(TimeProvider.System).OpenAsync(profile with { TokenEndpoint = address }, login, CancellationToken.None));

        Assert.Equal(ServerProblemKind.Configuration, refused.Kind);
    }

    internal static Task<DovecotServer> WithTokensAsync(TokenEndpoint endpoint) => DovecotServer.StartAsync(folder =>
    {
        var file = Path.Combine(folder, "oauth2.conf");
        File.WriteAllText(file, $"""
            introspection_mode = get
            introspection_url = {endpoint.IntrospectionAddress}
            username_attribute = email
            active_attribute = active
            active_value = true

            """);
        return ["passdb {", "  driver = oauth2", "  mechanisms = xoauth2", $"  args = {file}", "}"];
    });

    internal static class Tokens
    {
        internal static IMailConnector Connector(TimeProvider time) =>
            new Silo.Connectors.Imap.ImapConnector(new Silo.Connectors.AccessTokens(time), time);

        internal static (ServerProfile Profile, MailboxLogin Login) Of(
            ServerProfile profile, string user, TokenEndpoint endpoint, SignInMethod method)
        {
            Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_CLIENT", "client-secret");
            Environment.SetEnvironmentVariable("EMAILTRACKING_TEST_REFRESH", "the-refresh-token");
            Assert.True(EmailAddress.TryParse(user, out var address));
            return (
                profile with
                {
                    SignIn = method,
                    TokenEndpoint = endpoint.Address,
                    ClientId = "client",
                    ClientSecret = "env:EMAILTRACKING_TEST_CLIENT",
                    Scope = "mail.read",
                },
                new MailboxLogin(address, user, method == SignInMethod.RefreshToken ? "env:EMAILTRACKING_TEST_REFRESH" : null));
        }
    }
}
