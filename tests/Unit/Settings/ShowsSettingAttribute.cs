namespace EmailTracking.Tests.Unit.Settings;

/// <summary>Marks a test that shows the effect of a setting, or of an option of a mailbox: <c>docs/settings.md</c> names it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ShowsSettingAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
