namespace EmailTracking.Tests.Browser;

/// <summary>A theory that needs Chromium; <c>./test</c> installs it. Skipped where there is none.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Chromium.Path is null ? "There is no Chromium here." : null;
}
