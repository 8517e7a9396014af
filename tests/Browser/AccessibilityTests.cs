using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using EmailTracking.Silo.Hosting;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EmailTracking.Tests.Browser;

/// <summary>Who does not see the page, or has no mouse, can use it: by the rules of axe, in both colour schemes.</summary>
[Collection(PagesSilo.Name)]
public sealed partial class AccessibilityTests(PagesSilo silo)
{
    // All else is the same in the dark.
    private static readonly AxeRunOptions ColoursAlone = new() { RunOnly = RunOnlyOptions.Rules("color-contrast") };

    [BrowserFact]
    public async Task No_page_has_a_serious_violation()
    {
        List<string> violations = [];
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var browser = await Chromium.OpenAsync(silo.Address, new BrowserNewContextOptions { ColorScheme = scheme });
            foreach (var path in await PathsAsync())
            {
                await browser.GoAsync(new Uri(silo.Address, path));
                await Expect(browser.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
                var found = await browser.Page.RunAxe(scheme == ColorScheme.Dark ? ColoursAlone : new AxeRunOptions());
                violations.AddRange(found.Violations.Where(IsSerious).Select(violation => Words(path, scheme, violation)));
                await browser.KeepAsync($"page{path.Replace('/', '-')}-{scheme}".ToLowerInvariant());
            }
        }

        Assert.True(violations.Count == 0, string.Join(Environment.NewLine, violations));
    }

    private static bool IsSerious(AxeResultItem violation) => violation.Impact is "serious" or "critical";

    private static string Words(string path, ColorScheme scheme, AxeResultItem violation) =>
        $"/{path} ({scheme}): {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => $"{node.Html}: {string.Join(' ', node.Any.Select(check => check.Message))}"))}";

    // Every page there is, with something of the sample organization where one is asked for.
    private async Task<List<string>> PathsAsync()
    {
        using var client = new HttpClient { BaseAddress = silo.Address };
        var email = await FirstAsync("emails?search=angebot&hasregarding=true&top=1");
        var (activity, queue) = (email["activity"]!, await FirstAsync("queues"));
        return
        [
            .. typeof(SiloHost).Assembly.GetTypes()
                .SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
                .Select(route => route.Template.TrimStart('/'))
                .Select(path => Hole().Replace(path, hole => Uri.EscapeDataString((string)(hole.Groups[1].Value.ToLowerInvariant() switch
                {
                    "address" => activity["receivingmailbox"]!,
                    "table" => activity["regardingobjectidtype"]!,
                    "id" when path.StartsWith("records/", StringComparison.Ordinal) => activity["regardingobjectid"]!,
                    "id" when path.StartsWith("queues/", StringComparison.Ordinal) => queue["queueid"]!,
                    "id" => activity["conversationtrackingid"]!,
                    _ => email["key"]!,
                })!)))
                .Order(StringComparer.Ordinal),
        ];

        async Task<JsonNode> FirstAsync(string path) =>
            JsonNode.Parse(await client.GetStringAsync(new Uri($"api/tracking/{path}", UriKind.Relative)))!["value"]![0]!;
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Hole();
}
