using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using EmailTracking.Access;

namespace EmailTracking.Tests.Api;

/// <summary>Who is let in, and who is not, with what they are told.</summary>
[Collection(ApiSiloTests.Name)]
public sealed class SignInTests(ApiSilo silo)
{
    private static readonly Uri Who = new("/api/tracking/whoami", UriKind.Relative);

    [Fact]
    public async Task A_key_is_taken_until_it_is_revoked()
    {
        var made = await silo.Client.CreateKeyAsync(new KeyRequest("nightly", Role.User, ApiSilo.Ana, [], TimeSpan.FromDays(1), "tests"));
        using var client = silo.With(made.Text);
        var who = await client.ReadAsync(Who);
        Assert.Equal(
            ("nightly", "user", ApiSilo.Ana.ToString(), ApiSilo.SupportTeam.ToString()),
            ((string)who["name"]!, (string)who["role"]!, (string)who["systemuserid"]!, (string)who["teamids"]![0]!));
        Assert.NotNull((await silo.Client.ReadKeysAsync()).Single(key => key.Id == made.Key!.Id).LastUsedOn);

        Assert.True(await silo.Client.RevokeKeyAsync(made.Key!.Id, "Ben"));
        await client.RefusedAsync(HttpStatusCode.Unauthorized, Who, "was revoked", "by Ben");
    }

    [Fact]
    public async Task A_key_that_is_over_or_wrong_is_not_taken()
    {
        var made = await silo.Client.CreateKeyAsync(new KeyRequest("short", Role.User, null, [], TimeSpan.FromMilliseconds(1), "tests"));
        using var over = silo.With(made.Text);
        await over.RefusedAsync(HttpStatusCode.Unauthorized, Who, "was valid until");

        // The right id with another secret, and what is no key at all.
        using var guessed = silo.With(KeyText.Of(made.Key!.Id, KeyText.New().Secret));
        await guessed.RefusedAsync(HttpStatusCode.Unauthorized, Who, "There is no such key.");
        using var cut = silo.With(made.Text![..40]);
        await cut.RefusedAsync(HttpStatusCode.Unauthorized, Who, "This is no whole key.");
        using var nobody = silo.With(null);
        using var answer = await nobody.RefusedAsync(HttpStatusCode.Unauthorized, Who, "Send a key or a token");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_token_is_taken_of_whom_somebody_said_what_they_are()
    {
        using var ana = silo.With(silo.Issuer.Token("ana"));
        var who = await ana.ReadAsync(Who);
        Assert.Equal(("Ana", "user", "subject:ana"), ((string)who["name"]!, (string)who["role"]!, (string)who["id"]!));
        using var unknown = silo.With(silo.Issuer.Token("stranger"));
        await unknown.RefusedAsync(HttpStatusCode.Forbidden, Who, "signed in as 'stranger'", "emailtracking principal set stranger --role ROLE");
    }

    [Fact]
    public async Task The_first_administrator_is_named_by_an_address_that_is_verified()
    {
        using var first = silo.With(silo.Issuer.Token("x", more: [new Claim("email", ApiSilo.FirstAdministrator), new Claim("email_verified", "true", ClaimValueTypes.Boolean)]));
        Assert.Equal("administrator", (string)(await first.ReadAsync(Who))["role"]!);
        using var claimed = silo.With(silo.Issuer.Token("x", more: [new Claim("email", ApiSilo.FirstAdministrator)]));
        await claimed.RefusedAsync(HttpStatusCode.Forbidden, Who, "not known here");
    }

    public static TheoryData<string> WrongTokens => new("expired", "audience", "issuer", "key", "publickey", "none", "noise");

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task A_token_that_is_not_ours_is_not_taken(string wrong)
    {
        using var other = RSA.Create(2048);
        var token = wrong switch
        {
            "expired" => silo.Issuer.Token("ana", validFor: TimeSpan.FromHours(-1)),
            "audience" => silo.Issuer.Token("ana", audience: "others"),
            "issuer" => silo.Issuer.Token("ana", issuer: "https://evil.example"),
            "key" => silo.Issuer.Token("ana", signing: Issuer.Sign(other)),
            "publickey" => silo.Issuer.Token("ana", signing: silo.Issuer.SignWithPublicKey()),
            "none" => "eyJhbGciOiJub25lIn0." + silo.Issuer.Token("ana").Split('.')[1] + ".",
            _ => "noise",
        };
        using var client = silo.With(token);
        await client.RefusedAsync(HttpStatusCode.Unauthorized, Who, "The token is not taken");
    }
}
