using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A certificate that vouches for itself.</summary>
internal static class TestCertificate
{
    /// <summary>One for a host name.</summary>
    internal static X509Certificate2 For(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
    }

    /// <summary>Writes one for a host name and its key into files (PEM).</summary>
    internal static void Write(string host, string certificateFile, string keyFile)
    {
        using var certificate = For(host);
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
