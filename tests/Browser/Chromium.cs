using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace EmailTracking.Tests.Browser;

/// <summary>One page of a headless Chromium, driven by its DevTools protocol.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string ListensAt = "DevTools listening on ";
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(3);
    private static readonly string[] Names = ["chromium-headless-shell", "chromium", "google-chrome"];

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(WaitMax);
    private int _calls;
    private string? _session;
    private bool _isLoaded;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>Where Chromium lies; null when there is none.</summary>
    public static string? Path { get; } = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>The addresses that the page asked for.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>What the browser refused or complained of.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Opens a page, and waits until it is loaded.</summary>
    public static async Task<Chromium> OpenAsync(Uri page)
    {
        var profile = Directory.CreateTempSubdirectory("chromium-").FullName;
        var process = Process.Start(new ProcessStartInfo(Path!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={profile}",
            "about:blank",
        ])
        {
            RedirectStandardError = true,
        })!;
        var browser = new Chromium(process, profile);
        try
        {
            await browser.ConnectAsync(page);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Goes to another page, and waits until it is loaded.</summary>
    public async Task GoAsync(Uri page)
    {
        _isLoaded = false;
        await CallAsync("Page.navigate", new JsonObject { ["url"] = page.ToString() });
        while (!_isLoaded)
        {
            Note(await ReadAsync());
        }
    }

    /// <summary>Runs a script in the page, and waits for its promise.</summary>
    public async Task<JsonNode?> RunAsync(string script)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject
        {
            ["expression"] = script, ["awaitPromise"] = true, ["returnByValue"] = true,
        });
        return answer["exceptionDetails"] is { } problem
            ? throw new InvalidOperationException(problem.ToJsonString())
            : answer["result"]!["value"];
    }

    /// <summary>Waits until a script's value is true: it is asked whenever the page changes.</summary>
    public Task WaitAsync(string script) => RunAsync($$"""
        new Promise(done => {
          const look = () => { if ({{script}}) { watch.disconnect(); done(true); } };
          const watch = new MutationObserver(look);
          watch.observe(document, { attributes: true, childList: true, subtree: true, characterData: true });
          look();
        })
        """);

    /// <summary>Chooses a file in an input.</summary>
    public async Task ChooseAsync(string selector, string file)
    {
        var document = await CallAsync("DOM.getDocument", []);
        var found = await CallAsync("DOM.querySelector", new JsonObject
        {
            ["nodeId"] = (int)document["root"]!["nodeId"]!, ["selector"] = selector,
        });
        await CallAsync("DOM.setFileInputFiles", new JsonObject { ["nodeId"] = (int)found["nodeId"]!, ["files"] = new JsonArray(file) });
    }

    /// <summary>Presses Enter, as a keyboard does.</summary>
    public async Task PressEnterAsync()
    {
        const int Code = 13;
        await CallAsync("Input.dispatchKeyEvent", new JsonObject
        {
            ["type"] = "keyDown", ["key"] = "Enter", ["windowsVirtualKeyCode"] = Code, ["text"] = "\r",
        });
        await CallAsync("Input.dispatchKeyEvent", new JsonObject
        {
            ["type"] = "keyUp", ["key"] = "Enter", ["windowsVirtualKeyCode"] = Code,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _patience.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task ConnectAsync(Uri page)
    {
        // All that it says is read, so that its pipe does not fill.
        var listens = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data?.StartsWith(ListensAt, StringComparison.Ordinal) == true)
            {
                listens.TrySetResult(said.Data[ListensAt.Length..]);
            }
        };
        _process.BeginErrorReadLine();
        await _socket.ConnectAsync(new Uri(await listens.Task.WaitAsync(_patience.Token)), _patience.Token);
        var target = await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true });
        _session = (string)attached["sessionId"]!;
        foreach (var domain in new[] { "Network", "Log", "Runtime", "Page" })
        {
            await CallAsync($"{domain}.enable", []);
        }

        await GoAsync(page);
    }

    private async Task<JsonObject> CallAsync(string method, JsonObject arguments)
    {
        var id = ++_calls;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = arguments };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        await _socket.SendAsync(Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true, _patience.Token);
        while (true)
        {
            var message = await ReadAsync();
            Note(message);
            if ((int?)message["id"] == id)
            {
                return message["result"]?.AsObject() ?? throw new InvalidOperationException($"{method}: {message.ToJsonString()}");
            }
        }
    }

    private void Note(JsonObject message)
    {
        switch ((string?)message["method"])
        {
            case "Page.loadEventFired":
                _isLoaded = true;
                break;
            case "Network.requestWillBeSent":
                Requests.Add((string)message["params"]!["request"]!["url"]!);
                break;
            case "Log.entryAdded":
                Complaints.Add((string)message["params"]!["entry"]!["text"]!);
                break;
            case "Runtime.exceptionThrown":
                Complaints.Add(message["params"]!.ToJsonString());
                break;
        }
    }

    private async Task<JsonObject> ReadAsync()
    {
        using var text = new MemoryStream();
        var buffer = new byte[65_536];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), _patience.Token);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return JsonNode.Parse(text.ToArray())!.AsObject();
    }
}
