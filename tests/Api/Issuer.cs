using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Security.Cryptography;
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

    private readonly RSA _rsa = RSA.Create(2048);
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
            ["id_token_signing_alg_values_supported"] = new[] { "RS256" },
        }));
        var key = _rsa.ExportParameters(includePrivateParameters: false);
        _server.MapGet("/keys", () => Results.Json(new
        {
            keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "1", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } },
        }));
        await _server.StartAsync();
    }

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
