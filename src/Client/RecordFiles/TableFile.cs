using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using EmailTracking.Client.Commands;
using EmailTracking.Organizations;

namespace EmailTracking.Client.RecordFiles;

/// <summary>A JSON file that describes tables: an array with one object for each.</summary>
internal static class TableFile
{
    private const long BytesMax = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads all of them.</summary>
    /// <exception cref="WrongInputException">The file, or one of its tables, is wrong.</exception>
    public static ImmutableArray<TableDefinition> Read(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length > BytesMax)
        {
            throw new WrongInputException($"There is no file {path}, or it is larger than {BytesMax} bytes. Check the path.");
        }

        try
        {
            using var file = File.OpenRead(path);
            var described = JsonSerializer.Deserialize<Described[]>(file, Options) ?? [];
            ImmutableArray<TableDefinition> tables = [.. described.Select((one, index) => Definition(path, index + 1, one))];
            return tables.GroupBy(table => table.LogicalName).FirstOrDefault(group => group.Count() > 1) is { } twice
                ? throw new WrongInputException($"{path} describes {twice.Key} twice. Keep one of them.")
                : tables;
        }
        catch (JsonException wrong)
        {
            throw new WrongInputException(
                $"{path}, line {wrong.LineNumber + 1}: not as it should be. Write an array of objects: " +
                """[{"logicalname": "new_site", "email": ["new_mail"], "name": "new_name", "owner": "ownerid", "state": "statecode", "activities": true}]""");
        }
    }

    private static TableDefinition Definition(string path, int number, Described? table)
    {
        var definition = new TableDefinition
        {
            LogicalName = table?.LogicalName ?? "",
            EmailColumns = table?.Email ?? [],
            NameColumn = table?.Name ?? "",
            OwnerColumn = table?.Owner,
            StateColumn = table?.State,
            IsActivityEnabled = table?.Activities ?? true,
        };
        return definition.Problem() is { } problem
            ? throw new WrongInputException($"{path}, table {number}: {problem}")
            : definition;
    }

    private sealed record Described(
        string? LogicalName, ImmutableArray<string>? Email, string? Name, string? Owner, string? State, bool? Activities);
}
