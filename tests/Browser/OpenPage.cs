using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace EmailTracking.Tests.Browser;

/// <summary>A page that is open in the browser, and what it asked for and complained of.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    // Where screenshots are kept; none are when it is not set.
    private static readonly string? Screenshots = Environment.GetEnvironmentVariable("EMAILTRACKING_SCREENSHOTS");

    private readonly IBrowserContext _context;

    internal OpenPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Request += (_, request) => Requests.Enqueue(request.Url);
        page.WebSocket += (_, socket) => Requests.Enqueue(socket.Url);
        page.PageError += (_, error) => Complaints.Enqueue(error);
        page.Console += (_, said) =>
        {
            if (said.Type is "error" or "warning")
            {
                Complaints.Enqueue($"{said.Text} ({said.Location})");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>The addresses that the page asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What the browser refused or complained of.</summary>
    public ConcurrentQueue<string> Complaints { get; } = new();

    /// <summary>Goes to another page, and waits until it is loaded.</summary>
    public Task GoAsync(Uri address) => Page.GotoAsync(address.ToString());

    /// <summary>Keeps a picture of the page, when a folder is named for them.</summary>
    /// <param name="name">The file's name, without ending.</param>
    public async Task KeepAsync(string name)
    {
        if (Screenshots is not null)
        {
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}.png"), FullPage = true });
        }
    }

    /// <summary>Nothing was asked for elsewhere, and nothing was refused or complained of.</summary>
    /// <param name="address">Where all requests go.</param>
    public void AssertClean(Uri address)
    {
        Assert.Empty(Complaints);
        Assert.NotEmpty(Requests);
        Assert.DoesNotContain(Requests, request => !new Uri(request).Authority.Equals(address.Authority, StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
