using Microsoft.Playwright;

namespace EmailTracking.Tests.Browser;

/// <summary>The distribution's headless Chromium: one for all tests; nothing is downloaded.</summary>
public static class Chromium
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "google-chrome"];
    private static readonly Lazy<Task<IBrowser>> Started = new(StartAsync);

    /// <summary>Where Chromium lies; null when there is none.</summary>
    public static string? Path { get; } = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Opens a page of somebody who was never here, and waits until it is loaded.</summary>
    /// <param name="address">The page.</param>
    /// <param name="options">Its size and what the browser prefers; null: what is usual.</param>
    public static async Task<OpenPage> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        var browser = await Started.Value;
        var context = await browser.NewContextAsync(options ?? new BrowserNewContextOptions());
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        var opened = new OpenPage(context, await context.NewPageAsync());
        await opened.GoAsync(address);
        return opened;
    }

    // It ends with the process of the tests, whose pipe it reads.
    private static async Task<IBrowser> StartAsync()
    {
        // On a busy machine a page takes a while; what is awaited is there as soon as it is there.
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Path, Args = ["--disable-dev-shm-usage"] });
    }
}
