using EmailTracking.Tests.Mailboxes.Servers;

namespace EmailTracking.Tests.Mailboxes.Delivery;

/// <summary>The command line as it is published for people.</summary>
internal static class PublishedClient
{
    /// <summary>Publishes what is built into a folder.</summary>
    /// <returns>The program.</returns>
    internal static async Task<string> PublishAsync(string folder)
    {
        // tests/Mailboxes/bin/CONFIGURATION/FRAMEWORK is where this runs.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var root = here;
        while (!File.Exists(Path.Combine(root!.FullName, "EmailTracking.sln")))
        {
            root = root.Parent;
        }

        await PrivateServer.RunAsync(
            "dotnet", "publish", Path.Combine(root.FullName, "src", "Client"), "-c", here.Parent!.Name, "--no-build", "-nodeReuse:false", "-o", folder);
        return Path.Combine(folder, "emailtracking");
    }
}
