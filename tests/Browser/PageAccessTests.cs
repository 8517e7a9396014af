using EmailTracking.Access;
using EmailTracking.Tests.Api;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>What each role sees and may do on pages, with what is their own and with what is not.</summary>
[Collection(AsAna.Name)]
public sealed class PageAccessTests(ApiSilo silo)
{
    private static readonly Guid Foreign = new(8, 0, 0, new byte[8]);

    //   own path, foreign path (none: there is only one)                     sees                    may press               what
    private static readonly (string Own, string? Foreign, string See, string Act, string? Button)[] Table =
    [
        ("mailboxes/ana@contoso.com", "mailboxes/ben@contoso.com",                 "own  own  all  all", "none own  own  all", "Add a folder rule"),
        ("options?mailbox=ana@contoso.com", "options?mailbox=ben@contoso.com",     "own  own  all  all", "none own  own  all", "Save"),
        ($"queues/{ApiSilo.Support}", $"queues/{Foreign}",                         "own  own  none all", "none none none none", null),
        ("settings", null,                                                         "all  all  all  all", "none none none all", "Preview our defaults"),
        ("rules", null,                                                            "none none all  all", "none none none all", "Add a rule"),
    ];

    [BrowserTheory]
    [InlineData(Role.Reader)]
    [InlineData(Role.User)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Administrator)]
    public async Task Each_role_sees_and_may_what_the_table_says(Role role)
    {
        await silo.Client.SaveRecordsAsync([ApiSilo.Record("queue", Foreign, "Foreign", ApiSilo.Ben, "foreign@contoso.com")]);
        Assert.Null(await silo.Client.SavePersonAsync(new SignedIn($"{role}", $"Some {role}", role, ApiSilo.Ana, [ApiSilo.SupportTeam], "tests", default)));
        var before = silo.Issuer.Person;
        silo.Issuer.Person = $"{role}";
        try
        {
            await using var browser = await AsAna.OpenAsync(silo, "settings", $"Some {role}");
            foreach (var (own, foreign, see, act, button) in Table)
            {
                await AssertAsync(browser, own, isOwn: true, Of(see, role), Of(act, role), button);
                if (foreign is not null)
                {
                    await AssertAsync(browser, foreign, isOwn: false, Of(see, role), Of(act, role), button);
                }
            }
        }
        finally
        {
            silo.Issuer.Person = before;
        }
    }

    private async Task AssertAsync(OpenPage browser, string path, bool isOwn, string see, string act, string? button)
    {
        await browser.GoAsync(new Uri(silo.Address, path));
        var main = browser.Page.Locator("main");
        await Expect(main.Locator(".card, [role=alert]").First).ToBeVisibleAsync();
        await Expect(main.GetByRole(AriaRole.Alert)).ToHaveCountAsync(May(see) ? 0 : 1);
        await Expect(main.Locator(".card").First).ToBeVisibleAsync(new() { Visible = May(see) });
        if (button is not null)
        {
            await Expect(main.GetByRole(AriaRole.Button, new() { Name = button, Exact = true })).ToHaveCountAsync(May(act) ? 1 : 0);
        }

        bool May(string reach) => reach == "all" || (reach == "own" && isOwn);
    }

    private static string Of(string row, Role role) => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[(int)role - 1];
}
