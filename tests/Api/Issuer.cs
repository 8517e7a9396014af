using System.Collections.Concurrent;
using System.Globalization;
using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace EmailTracking.Tests.Api;

/// <summary>A small identity provider: a discovery document, its keys, and tokens.</summary>
public sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "emailtracking-tests";

    public const string ClientId = "emailtracking-web";
    public const string ClientSecret = "of the tests alone";

    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, Grant> _grants = new();
    private WebApplication _server = null!;

    public Uri Address { get; } = new($"http://127.0.0.1:{ApiSilo.FreePort()}/");

    private string Name => Address.ToString().TrimEnd('/');

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(Name);
        builder.Services.AddRoutingCore();
        _server = builder.Build();
        _server.UseRouting();
        _server.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Name,
            ["jwks_uri"] = $"{Name}/keys",
            ["authorization_endpoint"] = $"{Name}/authorize",
            ["token_endpoint"] = $"{Name}/token",
            ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        }));
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        _server.MapGet("/keys", () => Results.Json(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } },
        }));
        _server.MapGet("/authorize", Authorize);
        _server.MapPost("/token", RedeemAsync);
        await _server.StartAsync();
    }

    /// <summary>Who sits before the browser.</summary>
    public string Person { get; set; } = "ana";

    // They are asked nothing: they are signed in at the provider.
    private IResult Authorize(HttpRequest request)
    {
        var code = Guid.NewGuid().ToString("N");
        var query = request.Query;
        _grants[code] = new Grant(Person, query["nonce"]!, query["code_challenge"]!, query["redirect_uri"]!);
        return query["client_id"] == ClientId && query["response_type"] == "code" && query["code_challenge_method"] == "S256"
            ? Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}")
            : Results.BadRequest();
    }

    private async Task<IResult> RedeemAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return _grants.TryRemove(form["code"]!, out var grant) && form["client_id"] == ClientId && form["client_secret"] == ClientSecret &&
            form["redirect_uri"] == grant.RedirectUri &&
            Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))) == grant.Challenge
            ? Results.Json(new
            {
                access_token = "none", token_type = "Bearer", id_token = Token(grant.Subject, ClientId, more: [new Claim("nonce", grant.Nonce), Now()]),
            })
            : Results.BadRequest(new { error = "invalid_grant" });
    }

    private static Claim Now() => new("iat", EpochTime.GetIntDate(DateTime.UtcNow).ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer64);

    private sealed record Grant(string Subject, string Nonce, string Challenge, string RedirectUri);

    /// <summary>A token; what is given differs from a good one.</summary>
    public string Token(
        string subject, string audience = Audience, TimeSpan? validFor = null, string? issuer = null, SigningCredentials? signing = null, params Claim[] more)
    {
        var until = DateTime.UtcNow + (validFor ?? TimeSpan.FromMinutes(10));
        var token = new JwtSecurityToken(
            issuer ?? Name, audience, [new Claim("sub", subject), .. more], until - TimeSpan.FromHours(1), until, signing ?? Sign(_rsa));
        return new JwtSecurityTokenHandler().WriteToken(token);
    }

    public static SigningCredentials Sign(RSA rsa) => new(new RsaSecurityKey(rsa) { KeyId = "1" }, SecurityAlgorithms.RsaSha256);

    /// <summary>Signed with the public key as if it were a secret: an old trick.</summary>
    public SigningCredentials SignWithPublicKey() => new(
        new SymmetricSecurityKey(_rsa.ExportRSAPublicKey()) { KeyId = "1" }, SecurityAlgorithms.HmacSha256);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rsa.Dispose();
    }
}
