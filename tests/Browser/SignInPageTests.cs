using EmailTracking.Access;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>People sign in at the identity provider, and come back to the page that they wanted.</summary>
public sealed class SignInPageTests
{
    [BrowserFact]
    public async Task Who_is_not_signed_in_signs_in_and_is_on_the_page_that_they_wanted()
    {
        await using var silo = await SignInSilo.StartAsync();
        Assert.Null(await silo.Client.SavePersonAsync(new SignedIn("ana", "Ana", Role.User, null, [], "tests", default)));
        await using var browser = await Chromium.OpenAsync(silo.Address);
        var page = browser.Page;
        await browser.KeepAsync("sign-in");
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Activities" })).ToBeVisibleAsync();
        await Expect(page.Locator(".who")).ToHaveTextAsync("Ana user");
        await browser.KeepAsync("signed-in");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();

        // Who is known to the provider alone is told what to ask for.
        silo.Issuer.Person = "stranger";
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByText("emailtracking principal set stranger")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }
}
