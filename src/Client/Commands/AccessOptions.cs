using System.CommandLine;
using EmailTracking.Access;

namespace EmailTracking.Client.Commands;

/// <summary>Options that say who may do what.</summary>
internal static class AccessOptions
{
    public static Option<string> Role() => new("--role")
    {
        Description = $"What they are: {All<Role>()}", HelpName = "ROLE", Required = true,
    };

    public static Option<Guid?> User(string description) => new("--user") { Description = description, HelpName = "ID" };

    public static Option<string> By() => new("--by")
    {
        Description = "Who does it", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName,
    };

    /// <exception cref="WrongInputException">There is no such role.</exception>
    public static Role RoleOf(string? word) => AccessCheck.Parse<Role>(word) ??
        throw new WrongInputException($"There is no role '{word}'. Roles: {All<Role>()}.");

    /// <exception cref="WrongInputException">There is no such privilege.</exception>
    public static Privilege ScopeOf(string? word) => AccessCheck.Parse<Privilege>(word) ??
        throw new WrongInputException($"There is no privilege '{word}'. Privileges: {All<Privilege>()}.");

    private static string All<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(value => AccessCheck.Word(value)));
}
