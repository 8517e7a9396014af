using EmailTracking.Organizations;

namespace EmailTracking.Tests.Unit.Settings;

public sealed class SettingsDocumentTests
{
    /// <summary>Set to 1, the document is written instead of compared.</summary>
    private const string WriteVariable = "EMAILTRACKING_WRITE_DOCS";

    [Fact]
    public void Every_setting_has_a_test_that_shows_its_effect() => Assert.All(
        SettingCatalogue.All.Select(setting => setting.Name).Concat(MailboxOption.All.Select(option => $"mailbox {option.Name}")),
        name => Assert.NotNull(SettingsDocument.TestOf(name)));

    [Fact]
    public void The_document_says_what_the_catalogue_and_the_tests_say_and_leaves_nothing_blank()
    {
        var (path, text) = (Path.Combine(DocumentsPath(), "settings.md"), SettingsDocument.Text());
        Assert.DoesNotContain("|  |", text, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == text,
            $"docs/settings.md is not what the catalogue says. Run this test once with {WriteVariable}=1 and commit the file.");
    }

    internal static string DocumentsPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "EmailTracking.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs");
    }
}
