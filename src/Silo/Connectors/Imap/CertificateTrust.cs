using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EmailTracking.Connectors;

namespace EmailTracking.Silo.Connectors.Imap;

/// <summary>Whether a server's certificate is trusted: by the system's authorities, or by those that the profile names.</summary>
internal sealed class CertificateTrust
{
    private readonly string _host;
    private readonly X509Certificate2Collection? _authorities;

    /// <summary>Reads the authorities that the profile names.</summary>
    /// <exception cref="MailServerException">They cannot be read.</exception>
    internal CertificateTrust(ServerProfile profile)
    {
        _host = profile.Host;
        if (profile.CertificateAuthorities is not { Length: > 0 } path)
        {
            return;
        }

        try
        {
            _authorities = [];
            _authorities.ImportFromPemFile(path);
        }
        catch (Exception failed) when (failed is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, failed);
        }

        if (_authorities.Count == 0)
        {
            throw Unreadable(path, null);
        }
    }

    /// <summary>What is wrong with the certificate that was shown, in words that follow a colon; null when nothing is.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Judges a certificate; asked during the handshake.</summary>
    internal bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Problem = certificate is not X509Certificate2 shown || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable)
            ? "the server shows none"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? $"it is not for {Words.Shown(_host)}"
                : ProblemOfChain(shown, chain, errors);
        return Problem is null;
    }

    private string? ProblemOfChain(X509Certificate2 shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_authorities is null)
        {
            return errors == SslPolicyErrors.None ? null : Said(chain);
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(shown) ? null : Said(own);
    }

    private static string Said(X509Chain? chain) =>
        chain?.ChainStatus is [var first, ..]
            ? first.Status switch
            {
                X509ChainStatusFlags.NotTimeValid => "it is out of date",
                X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain => "nobody vouches for it who is trusted here",
                var other => other.ToString(),
            }
            : "it cannot be checked";

    private static MailServerException Unreadable(string path, Exception? cause) => ServerProblems.Configuration(
        $"The file of certificate authorities '{Words.Shown(path)}' cannot be read.",
        "Give every silo a PEM file there, or leave it out to trust the system's authorities.",
        cause);
}
