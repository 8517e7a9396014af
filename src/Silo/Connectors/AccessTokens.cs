using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors;

/// <summary>Tokens to sign in with, from the token endpoints of profiles (RFC 6749); each is kept until shortly before it ends.</summary>
/// <remarks>Tokens are kept in memory only. A refresh token that the endpoint replaces is used until this process ends.</remarks>
internal sealed class AccessTokens : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int TokenLengthMax = 16 * 1024;

    // A token that ends while mail is read would break the connection off.
    private static readonly TimeSpan Spare = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DefaultLife = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<Key, Entry> _entries = new();
    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Asks by HTTP.</summary>
    /// <param name="time">The clock that tokens end by.</param>
    public AccessTokens(TimeProvider time)
    {
        // A redirect would hand the secret to somebody else.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            MaxResponseContentBufferSize = AnswerBytesMax,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _time = time;
    }

    /// <summary>A token that holds for some minutes at least, unless the endpoint gives only shorter ones.</summary>
    /// <param name="profile">Whose endpoint.</param>
    /// <param name="login">Whose mailbox.</param>
    /// <param name="refused">A token that the server did not take: another is asked for.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <exception cref="MailServerException">There is none: why, and what to do.</exception>
    internal async Task<string> GetAsync(ServerProfile profile, MailboxLogin login, string? refused, CancellationToken cancellationToken)
    {
        var entry = _entries.GetOrAdd(KeyOf(profile, login), _ => new Entry());
        await entry.Turn.WaitAsync(cancellationToken);
        try
        {
            if (entry.Token is { } kept && kept != refused && _time.GetUtcNow() < entry.Until)
            {
                return kept;
            }

            var (token, life, refresh) = await AskAsync(profile, login, entry.Refresh, cancellationToken);
            entry.Until = _time.GetUtcNow() + (life > 2 * Spare ? life - Spare : life / 2);
            entry.Refresh = refresh ?? entry.Refresh;
            return entry.Token = token;
        }
        catch (MailServerException failed) when (failed.Kind == ServerProblemKind.SignIn)
        {
            // The owner may have consented again meanwhile: the next attempt takes what is kept at the silo.
            entry.Refresh = null;
            throw;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Key KeyOf(ServerProfile profile, MailboxLogin login) => new(
        profile.TokenEndpoint,
        profile.ClientId,
        profile.ClientSecret,
        profile.Scope,
        profile.SignIn == SignInMethod.RefreshToken ? login.Secret : null);

    private async Task<(string Token, TimeSpan Life, string? Refresh)> AskAsync(
        ServerProfile profile, MailboxLogin login, string? refresh, CancellationToken cancellationToken)
    {
        var endpoint = EndpointOf(profile);
        var form = FormOf(profile, login, refresh);
        using var late = new CancellationTokenSource(profile.AnswerMax, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var answer = await _http.PostAsync(endpoint, content, either.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(either.Token);
            return answer.StatusCode == HttpStatusCode.OK ? TokenOf(endpoint, body) : throw Refused(endpoint, answer.StatusCode, body);
        }
        catch (Exception failed) when (
            failed is HttpRequestException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Its text names the address alone, but what it holds may not: it is not handed on.
            throw new MailServerException(
                ServerProblemKind.Connection,
                $"The token endpoint {endpoint.Host} does not answer.",
                "It is tried again by itself; if it stays, check the address of the token endpoint and the network.");
        }
    }

    private static Uri EndpointOf(ServerProfile profile) =>
        Uri.TryCreate(profile.TokenEndpoint, UriKind.Absolute, out var endpoint) && endpoint.UserInfo.Length == 0 &&
        (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback))
            ? endpoint
            : throw Configuration("The profile's token endpoint is no https address.", "Write the address of the token endpoint into the profile.");

    private static Dictionary<string, string> FormOf(ServerProfile profile, MailboxLogin login, string? refresh)
    {
        if (profile.ClientId is not { Length: > 0 } client)
        {
            throw Configuration("The profile names no client id.", "Write the id of the registered client into the profile.");
        }

        var form = new Dictionary<string, string> { ["client_id"] = client };
        if (profile.Scope is { Length: > 0 } scope)
        {
            form["scope"] = scope;
        }

        // A public client has no secret (RFC 6749 section 2.1); client credentials are one.
        if (profile.SignIn == SignInMethod.ClientCredentials || profile.ClientSecret is not null)
        {
            form["client_secret"] = Secrets.Read(profile.ClientSecret, $"the client's secret of '{Words.Shown(profile.Name)}'");
        }

        if (profile.SignIn == SignInMethod.ClientCredentials)
        {
            form["grant_type"] = "client_credentials";
        }
        else
        {
            form["grant_type"] = "refresh_token";
            form["refresh_token"] = refresh ?? Secrets.Read(login.Secret, $"the refresh token of {login.Mailbox}");
        }

        return form;
    }

    private static (string Token, TimeSpan Life, string? Refresh) TokenOf(Uri endpoint, byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            var root = answer.RootElement;
            if (root.GetProperty("access_token").GetString() is { Length: > 0 and <= TokenLengthMax } token &&
                token.All(letter => letter is > ' ' and <= '~'))
            {
                var life = root.TryGetProperty("expires_in", out var seconds) ? SecondsOf(seconds) : null;
                var refresh = root.TryGetProperty("refresh_token", out var next) ? next.GetString() : null;
                return (token, life ?? DefaultLife, refresh is { Length: > 0 and <= TokenLengthMax } ? refresh : null);
            }
        }
        catch (Exception failed) when (failed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // It may hold a token, and is not shown.
        }

        throw new MailServerException(
            ServerProblemKind.Protocol,
            $"The token endpoint {endpoint.Host} answered what holds no token.",
            "Check the address of the token endpoint in the profile.");
    }

    // RFC 6749 says a number; some write it as text.
    private static TimeSpan? SecondsOf(JsonElement seconds) =>
        (seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt64(out var number)) ||
        (seconds.ValueKind == JsonValueKind.String && long.TryParse(seconds.GetString(), System.Globalization.CultureInfo.InvariantCulture, out number))
            ? TimeSpan.FromSeconds(Math.Clamp(number, 0, 86_400))
            : null;

    private static MailServerException Refused(Uri endpoint, HttpStatusCode status, byte[] body) => status switch
    {
        HttpStatusCode.TooManyRequests => new MailServerException(
            ServerProblemKind.Throttled, $"The token endpoint {endpoint.Host} asks to slow down.", "It is tried again later."),
        >= HttpStatusCode.InternalServerError => new MailServerException(
            ServerProblemKind.Connection, $"The token endpoint {endpoint.Host} has a fault of its own ({(int)status}).", "It is tried again by itself."),
        HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new MailServerException(
            ServerProblemKind.SignIn,
            $"The token endpoint {endpoint.Host} gives no token: {ErrorOf(body) ?? "refused"}.",
            "Check the client id, its secret and the scope; a refresh token may have ended, and the owner has to consent again."),
        _ => Configuration(
            $"The token endpoint {endpoint.Host} answers {(int)status}.", "Check the address of the token endpoint in the profile."),
    };

    // One of RFC 6749 section 5.2's words; descriptions may repeat what was sent.
    private static string? ErrorOf(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.GetProperty("error").GetString() is { Length: > 0 and <= 50 } error &&
                error.All(letter => char.IsAsciiLetterLower(letter) || letter == '_')
                    ? error
                    : null;
        }
        catch (Exception failed) when (failed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static MailServerException Configuration(string problem, string nextStep) =>
        new(ServerProblemKind.Configuration, problem, nextStep);

    private sealed record Key(string? Endpoint, string? Client, string? ClientSecret, string? Scope, string? Secret);

    private sealed class Entry
    {
        internal SemaphoreSlim Turn { get; } = new(1);

        internal string? Token { get; set; }

        internal DateTimeOffset Until { get; set; }

        internal string? Refresh { get; set; }
    }
}
