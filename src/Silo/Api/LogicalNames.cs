using System.Text.Json;

namespace EmailTracking.Silo.Api;

/// <summary>Names as Dataverse has them: in lower case, words run together (<c>regardingobjectid</c>).</summary>
internal sealed class LogicalNames : JsonNamingPolicy
{
    /// <inheritdoc/>
    public override string ConvertName(string name) => name.ToLowerInvariant();
}
