namespace EmailTracking.Tests.Mailboxes.Servers;

/// <summary>A test that needs Postfix; <c>./test</c> installs it. Skipped where it cannot be started.</summary>
public sealed class PostfixFactAttribute : FactAttribute
{
    public PostfixFactAttribute() => Skip = Problem;

    private static string? Problem =>
        !File.Exists(PostfixServer.Programs) ? "There is no Postfix here (Debian: apt-get install postfix)." :
        Environment.UserName != "root" ? "Postfix is started by root only." :
        null;
}
