using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EmailTracking.Connectors;
using EmailTracking.Silo.Connectors;
using Microsoft.Extensions.Options;

namespace EmailTracking.Silo.Web;

/// <summary>The certificate that the web server shows.</summary>
internal sealed record WebCertificate(X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    /// <summary>Reads it; null when none is named.</summary>
    /// <exception cref="OptionsValidationException">It cannot be read: which file, and what to do.</exception>
    public static WebCertificate? Read(WebOptions options)
    {
        if (options.Certificate is not { } file)
        {
            return null;
        }

        try
        {
            var secret = options.CertificateSecret is { } reference ? Secrets.Read(reference, "the secret of the web server's certificate") : null;
            var chain = new X509Certificate2Collection();
            if (X509Certificate2.GetCertContentType(file) == X509ContentType.Pkcs12)
            {
                chain.AddRange(X509CertificateLoader.LoadPkcs12CollectionFromFile(file, secret));
                var own = chain.FirstOrDefault(one => one.HasPrivateKey) ?? throw new CryptographicException("There is no private key in it.");
                chain.Remove(own);
                return new WebCertificate(own, chain);
            }

            var certificate = secret is null
                ? X509Certificate2.CreateFromPemFile(file, options.CertificateKey)
                : X509Certificate2.CreateFromEncryptedPemFile(file, secret, options.CertificateKey);
            chain.ImportFromPemFile(file);
            chain.RemoveAt(0);
            return new WebCertificate(certificate, chain);
        }
        catch (MailServerException missing)
        {
            throw Wrong(missing.Message);
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Wrong($"The certificate {file} cannot be used: {wrong.Message}");
        }
    }

    private static OptionsValidationException Wrong(string problem) => new(
        "EmailTracking:Web",
        typeof(WebOptions),
        [$"{problem} Give EmailTracking__Web__Certificate a PEM file, with its key there or in CertificateKey, or a PFX file with its secret in CertificateSecret."]);
}
