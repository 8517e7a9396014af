namespace EmailTracking.Tests.Browser;

/// <summary>A test that needs Chromium; <c>./test</c> installs it. Skipped where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Chromium.Path is null ? "There is no Chromium here." : null;
}
