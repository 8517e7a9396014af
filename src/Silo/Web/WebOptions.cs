using System.ComponentModel.DataAnnotations;
using System.Net;
using EmailTracking.Silo.Bodies;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Web;

/// <summary>Whether people and programs have to say who they are.</summary>
public enum WebAuthentication
{
    /// <summary>Nobody has to: for a silo on loopback, where whoever is at the machine is an administrator.</summary>
    None = 0,

    /// <summary>Everybody has to, with a key or with a token of the identity provider.</summary>
    Required = 1,
}

/// <summary>The web server: the page and the API. Set on the command line, as <c>EmailTracking__Web__…</c>, or in appsettings.json.</summary>
public sealed class WebOptions
{
    /// <summary>The port of a silo that runs alone, unless another is named.</summary>
    public const int StandardPort = 8480;

    /// <summary>The IP address that it listens on. Any other than loopback needs authentication and TLS. Default: 127.0.0.1.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Its port; 0: there is no web server. Default: 8480 for a silo that runs alone, none in a cluster.</summary>
    [Range(0, 65535)]
    public int? Port { get; set; }

    /// <summary>The host name that browsers know it by, for example <c>mail.contoso.com</c>. Default: none, only its address.</summary>
    [StringLength(253)]
    public string? PublicName { get; set; }

    /// <summary>Whether everybody has to say who they are: <c>None</c> or <c>Required</c>. Default: None, which only loopback may have.</summary>
    public WebAuthentication Authentication { get; set; }

    /// <summary>The file with the certificate for TLS, PEM (with its chain) or PFX. Default: none, no TLS.</summary>
    public string? Certificate { get; set; }

    /// <summary>The file with the private key of a PEM certificate. Default: none, it is in the same file.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Where the secret of the key or of the PFX file is: <c>env:NAME</c> or <c>file:PATH</c>. Default: none, it has none.</summary>
    public string? CertificateSecret { get; set; }

    /// <summary>The identity provider (OpenID Connect) whose tokens are taken, by its https address. Default: none, keys alone are taken.</summary>
    public string? Authority { get; set; }

    /// <summary>For whom a token has to be (claim <c>aud</c>). Has to be set with an authority. Default: none.</summary>
    [StringLength(500)]
    public string? Audience { get; set; }

    /// <summary>The id under which the identity provider knows this server, so that people can sign in with a browser. Default: none, they cannot.</summary>
    [StringLength(500)]
    public string? ClientId { get; set; }

    /// <summary>Where the secret that belongs to the client id is: <c>env:NAME</c> or <c>file:PATH</c>. Default: none, the provider asks for none.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// The folder of the keys that seal what browsers keep for the silo; one that all silos which people sign in at share. Default: none, and
    /// who is signed in signs in again when the silo was restarted.
    /// </summary>
    public string? KeyFolder { get; set; }

    /// <summary>
    /// Who is administrator without anybody having said so: the subject of their tokens (claim <c>sub</c>), or their e-mail address if
    /// the provider says that it is verified. Default: nobody.
    /// </summary>
    [StringLength(255)]
    public string? FirstAdministrator { get; set; }

    /// <summary>
    /// Extensions of attachments that are not handed out, with semicolons between them (Dataverse column <c>blockedattachments</c>).
    /// Default: those that Dataverse blocks, and HTML and SVG.
    /// </summary>
    [StringLength(4000)]
    public string BlockedAttachments { get; set; } = BlockedExtensions.Standard;

    /// <summary>The largest request, in bytes, but for mail and files, which have bounds of their own. Default: 1 MB.</summary>
    [Range(1024, 64L * 1024 * 1024)]
    public long BodyBytesMax { get; set; } = 1024 * 1024;

    /// <summary>The largest file of many messages, or of records, that one request brings, in bytes. Default: 1 GB.</summary>
    [Range(1024, 64L * 1024 * 1024 * 1024)]
    public long BatchBytesMax { get; set; } = 1024L * 1024 * 1024;

    /// <summary>The longest that the headers of a request may be together, in bytes. Default: 32 KB.</summary>
    [Range(4096, 1024 * 1024)]
    public int HeaderBytesMax { get; set; } = 32 * 1024;

    /// <summary>How many connections may be open. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 1_000;

    /// <summary>How many pages may be open in browsers; each takes memory of the silo. Default: 500.</summary>
    [Range(1, 100_000)]
    public int PagesMax { get; set; } = 500;

    /// <summary>How many requests one address may send in a minute, whoever sends them. Default: 60,000.</summary>
    [Range(10, 10_000_000)]
    public int AddressRequestsPerMinute { get; set; } = 60_000;

    /// <summary>How many requests one person or key may send in a minute. Default: 12,000.</summary>
    [Range(10, 10_000_000)]
    public int RequestsPerMinute { get; set; } = 12_000;

    /// <summary>How long the headers of a request may take. Default: 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a request may take, but for those that bring mail or go on while something is done. Default: 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection is kept that nothing is asked on. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(2);
}

/// <summary>Checks the ranges of <see cref="WebOptions"/>.</summary>
[OptionsValidator]
public sealed partial class WebOptionsRanges : IValidateOptions<WebOptions>;

/// <summary>Checks what <see cref="WebOptions"/> say together: a door that would stand open stops the silo at its start.</summary>
public sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    private const string Prefix = "EmailTracking__Web__";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string?[] problems = [.. Door(options), .. Tls(options), .. Provider(options)];
        string[] said = [.. problems.OfType<string>()];
        return said.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(said);
    }

    private static IEnumerable<string?> Door(WebOptions options)
    {
        if (!IPAddress.TryParse(options.Address, out var address))
        {
            yield return $"--web-address takes an IP address, not '{options.Address}'.";
            yield break;
        }

        if (!Enum.IsDefined(options.Authentication))
        {
            yield return $"{Prefix}Authentication is None or Required.";
        }

        if (options.PublicName is { } host && Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            yield return $"{Prefix}PublicName is a host name such as mail.contoso.com, without scheme and port.";
        }

        if (IPAddress.IsLoopback(address) || options.Port == 0)
        {
            yield break;
        }

        if (options.Authentication != WebAuthentication.Required)
        {
            yield return $"{address} can be reached from other machines, and nobody would have to say who they are. Set {Prefix}Authentication=Required, " +
                "or use --web-address 127.0.0.1.";
        }

        if (options.Certificate is null)
        {
            yield return $"{address} can be reached from other machines, and what is sent there could be read on the way. Name a certificate: " +
                $"{Prefix}Certificate=FILE, with {Prefix}CertificateKey=FILE or {Prefix}CertificateSecret, or use --web-address 127.0.0.1.";
        }
    }

    private static IEnumerable<string?> Tls(WebOptions options)
    {
        if (options.Certificate is null && (options.CertificateKey ?? options.CertificateSecret) is not null)
        {
            yield return $"{Prefix}CertificateKey and {Prefix}CertificateSecret belong to a certificate: set {Prefix}Certificate=FILE.";
        }

        if (options.CertificateSecret is { } secret && !secret.StartsWith("env:", StringComparison.Ordinal) &&
            !secret.StartsWith("file:", StringComparison.Ordinal))
        {
            yield return $"{Prefix}CertificateSecret says where the secret is, as env:NAME or file:PATH; it is not the secret itself.";
        }
    }

    private static IEnumerable<string?> Provider(WebOptions options)
    {
        if (options.Authority is null)
        {
            yield return (options.Audience ?? options.FirstAdministrator ?? options.ClientId ?? options.ClientSecret) is not null
                ? $"{Prefix}Audience, FirstAdministrator, ClientId and ClientSecret are about an identity provider: name it, {Prefix}Authority=https://…"
                : null;
            yield break;
        }

        if (!Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority) ||
            !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
        {
            yield return $"{Prefix}Authority is the https address of an identity provider; http is for one on this machine.";
        }

        if (string.IsNullOrWhiteSpace(options.Audience))
        {
            yield return $"{Prefix}Authority needs {Prefix}Audience: for whom the tokens are, else those for other programs would be taken.";
        }

        if (options.Authentication != WebAuthentication.Required)
        {
            yield return $"{Prefix}Authority has no effect while nobody has to say who they are: set {Prefix}Authentication=Required.";
        }

        if (options.ClientSecret is { } secret && !secret.StartsWith("env:", StringComparison.Ordinal) && !secret.StartsWith("file:", StringComparison.Ordinal))
        {
            yield return $"{Prefix}ClientSecret says where the secret is, as env:NAME or file:PATH; it is not the secret itself.";
        }

        if (options.ClientSecret is not null && options.ClientId is null)
        {
            yield return $"{Prefix}ClientSecret belongs to a client id: set {Prefix}ClientId.";
        }
    }
}
