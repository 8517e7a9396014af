using EmailTracking.Mailboxes.Sync;
using EmailTracking.Preview;
using EmailTracking.Silo.Hosting;
using EmailTracking.Silo.Mime;
using EmailTracking.Silo.Storage;
using EmailTracking.Silo.Web;

namespace EmailTracking.Tests.Unit.Settings;

public sealed class OptionsDocumentTests
{
    public static TheoryData<string, Type> Sections => new()
    {
        { "Silo", typeof(SiloOptions) },
        { "Web", typeof(WebOptions) },
        { "Mime", typeof(MimeOptions) },
        { "Tracking", typeof(TrackingOptions) },
        { "Store", typeof(TrackingStoreOptions) },
        { "Sync", typeof(SyncOptions) },
        { "Preview", typeof(PreviewOptions) },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_document_has_a_row_for_every_option_and_for_no_other(string section, Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var prefix = $"| `EmailTracking__{section}__";
        Assert.Equal(
            options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order(),
            File.ReadLines(Path.Combine(SettingsDocumentTests.DocumentsPath(), "options.md"))
                .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
                .Select(line => line[prefix.Length..line.IndexOf('`', prefix.Length)])
                .Order());
    }
}
