using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EmailTracking.Client;
using EmailTracking.Access;
using EmailTracking.Silo.Hosting;
using EmailTracking.Silo.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EmailTracking.Tests.Api;

/// <summary>How the web server stands: where it may listen, TLS, limits, and guards against other web sites.</summary>
public sealed class HostTests : IDisposable
{
    private const string Who = "/api/tracking/whoami";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("emailtracking-host-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData("Address=0.0.0.0",                                                         "Set EmailTracking__Web__Authentication=Required")]
    [InlineData("Address=0.0.0.0",                                                         "EmailTracking__Web__Certificate=FILE")]
    [InlineData("Address=::",                                                              "nobody would have to say who they are")]
    [InlineData("Address=10.1.2.3;Authentication=Required",                                "what is sent there could be read on the way")]
    [InlineData("Address=10.1.2.3;Certificate=c.pem",                                      "nobody would have to say who they are")]
    [InlineData("Address=everywhere",                                                      "--web-address takes an IP address, not 'everywhere'.")]
    [InlineData("Authority=https://login.example;Authentication=Required",                 "EmailTracking__Web__Audience")]
    [InlineData("Authority=http://login.example;Audience=a;Authentication=Required",       "the https address of an identity provider")]
    [InlineData("Authority=https://login.example;Audience=a",                              "has no effect while nobody has to say who they are")]
    [InlineData("FirstAdministrator=ana",                                                  "name it, EmailTracking__Web__Authority")]
    [InlineData("CertificateKey=k.pem",                                                    "belong to a certificate")]
    [InlineData("Certificate=c.pfx;CertificateSecret=hunter2",                             "it is not the secret itself")]
    [InlineData("PublicName=https://x/",                                                   "without scheme and port")]
    [InlineData("BodyBytesMax=1",                                                          "BodyBytesMax")]
    [InlineData("RequestTimeout=02:00:00",                                                 "RequestTimeout")]
    public async Task A_door_that_would_stand_open_is_not_built(string settings, string problem)
    {
        var given = settings.Split(';').Select(one => one.Split('=', 2)).ToDictionary(one => $"EmailTracking:Web:{one[0]}", one => (string?)one[1]);
        given["EmailTracking:Silo:Data"] = _data.FullName;
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => SiloHost.BuildAsync(given));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_others_reach_is_served_with_both()
    {
        var options = new WebOptions { Address = "0.0.0.0", Authentication = WebAuthentication.Required, Certificate = "c.pem" };
        Assert.True(new WebOptionsValidator().Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Over_tls_browsers_are_told_to_stay_there(bool isPfx)
    {
        var (file, key, secret) = WriteCertificate(isPfx);
        var settings = new Dictionary<string, string?> { ["EmailTracking:Web:Certificate"] = file, ["EmailTracking:Web:CertificateKey"] = key, ["EmailTracking:Web:CertificateSecret"] = secret };
        var (host, address) = await ApiSilo.StartAsync(_data.FullName, settings);
        using (host)
        {
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Subject == "CN=door" };
            using var client = new HttpClient(handler) { BaseAddress = address };
            using var answer = await client.GetAsync(Asking.Path(Who));
            Assert.Equal("local", (string)(await answer.JsonAsync())["id"]!);
            Assert.StartsWith("max-age=", answer.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
            await host.StopAsync();
        }
    }

    [Fact]
    public async Task A_certificate_that_is_none_stops_the_silo_in_words()
    {
        var file = Path.Combine(_data.FullName, "wrong.pem");
        await File.WriteAllTextAsync(file, "nothing");
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => ApiSilo.StartAsync(_data.FullName, new() { ["EmailTracking:Web:Certificate"] = file }));
        Assert.Contains("cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Give EmailTracking__Web__Certificate a PEM file", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_bounded_in_size_and_number()
    {
        var (host, address) = await ApiSilo.StartAsync(_data.FullName, new()
        {
            ["EmailTracking:Web:BodyBytesMax"] = "1024",
            ["EmailTracking:Web:HeaderBytesMax"] = "4096",
            ["EmailTracking:Web:RequestsPerMinute"] = "10",
        });
        using (host)
        {
            using var client = new HttpClient { BaseAddress = address };
            using var large = await client.PostAsync(Asking.Path("/api/tracking/api-keys"), Json(new string('x', 2000)));
            await large.RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "docs/options.md has the bounds");

            // Chunked, so that nothing says beforehand how large it is.
            using var chunked = new HttpRequestMessage(HttpMethod.Post, Asking.Path("/api/tracking/api-keys")) { Content = Json(new string('x', 2000)) };
            chunked.Headers.TransferEncodingChunked = true;
            using var unmeasured = await client.SendAsync(chunked);
            await unmeasured.RefusedAsync(HttpStatusCode.RequestEntityTooLarge);

            using var header = new HttpRequestMessage(HttpMethod.Get, Asking.Path(Who));
            header.Headers.Add("X-Long", new string('x', 5000));
            using var long1 = await client.SendAsync(header);
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, long1.StatusCode);

            HttpResponseMessage? last = null;
            for (var i = 0; i < 20 && last?.StatusCode != HttpStatusCode.TooManyRequests; i++)
            {
                last?.Dispose();
                last = await client.GetAsync(Asking.Path(Who));
            }

            await last!.RefusedAsync(HttpStatusCode.TooManyRequests, "Retry-After");
            Assert.NotNull(last!.Headers.RetryAfter?.Delta);

            // Somebody else is not held up.
            var facade = EmailTrackingClient.Over(host.Services.GetRequiredService<IGrainFactory>());
            var key = await facade.CreateKeyAsync(new KeyRequest("other", Role.Reader, null, [], TimeSpan.FromDays(1), "tests"));
            client.DefaultRequestHeaders.Authorization = new("Bearer", key.Text);
            Assert.Equal("other", (string)(await client.ReadAsync(Who))["name"]!);
            await host.StopAsync();
        }
    }

    [Theory]
    [InlineData("evil.example",     "",                    "",            false, HttpStatusCode.Forbidden)]
    [InlineData("",                 "http://evil.example", "",            false, HttpStatusCode.Forbidden)]
    [InlineData("",                 "",                    "cross-site",  false, HttpStatusCode.Forbidden)]
    [InlineData("mail.contoso.com", "",                    "same-origin", false, HttpStatusCode.OK)]
    [InlineData("",                 "",                    "",            false, HttpStatusCode.OK)]
    [InlineData("evil.example",     "http://evil.example", "cross-site",  true,  HttpStatusCode.OK)] // No browser sends a token by itself.
    public async Task Another_web_site_cannot_ask_through_a_browser(string name, string origin, string site, bool hasKey, HttpStatusCode status)
    {
        var (host, address) = await ApiSilo.StartAsync(_data.FullName, new() { ["EmailTracking:Web:PublicName"] = "mail.contoso.com" });
        using (host)
        {
            using var client = new HttpClient { BaseAddress = address };
            using var request = new HttpRequestMessage(HttpMethod.Get, Asking.Path(Who));
            Add(request, "Host", name);
            Add(request, "Origin", origin);
            Add(request, "Sec-Fetch-Site", site);
            if (hasKey)
            {
                var facade = EmailTrackingClient.Over(host.Services.GetRequiredService<IGrainFactory>());
                var key = await facade.CreateKeyAsync(new KeyRequest("k", Role.Reader, null, [], TimeSpan.FromDays(1), "tests"));
                request.Headers.Authorization = new("Bearer", key.Text);
            }

            using var answer = await client.SendAsync(request);
            Assert.Equal(status, answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
            await host.StopAsync();
        }
    }

    [Theory]
    [InlineData("GET",  "/api/tracking/nothing",  HttpStatusCode.NotFound)]
    [InlineData("PUT",  "/api/tracking/whoami",   HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/api/tracking/api-keys", HttpStatusCode.UnsupportedMediaType)]
    public async Task Every_error_is_a_problem(string method, string path, HttpStatusCode status)
    {
        var (host, address) = await ApiSilo.StartAsync(_data.FullName, []);
        using (host)
        {
            using var client = new HttpClient { BaseAddress = address };
            using var request = new HttpRequestMessage(new HttpMethod(method), Asking.Path(path)) { Content = new StringContent("x", Encoding.UTF8, "text/plain") };
            using var answer = await client.SendAsync(request);
            await answer.RefusedAsync(status);
            await host.StopAsync();
        }
    }

    private static StringContent Json(string text) => new($"\"{text}\"", Encoding.UTF8, "application/json");

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (value.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private (string File, string? Key, string? Secret) WriteCertificate(bool isPfx)
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=door", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (file, beside) = (Path.Combine(_data.FullName, isPfx ? "c.pfx" : "c.pem"), Path.Combine(_data.FullName, "beside"));
        if (isPfx)
        {
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, "secret"));
            File.WriteAllText(beside, "secret\n");
            return (file, null, $"file:{beside}");
        }

        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(beside, rsa.ExportPkcs8PrivateKeyPem());
        return (file, beside, null);
    }
}
