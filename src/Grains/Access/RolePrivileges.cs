using System.Collections.Frozen;

namespace EmailTracking.Access;

/// <summary>How far a privilege goes.</summary>
public enum Reach
{
    /// <summary>Nowhere.</summary>
    None = 0,

    /// <summary>What is one's own or one's teams'.</summary>
    Own = 1,

    /// <summary>Everything of the organization.</summary>
    All = 2,
}

/// <summary>What each role may do: the whole table.</summary>
public static class RolePrivileges
{
    private static readonly FrozenDictionary<Privilege, Reach[]> Table = new Dictionary<Privilege, Reach[]>
    {
        //                             reader      user        operator    administrator
        [Privilege.ReadMail] =         [Reach.Own,  Reach.Own,  Reach.None, Reach.All],
        [Privilege.ActOnMail] =        [Reach.None, Reach.Own,  Reach.None, Reach.All],
        [Privilege.DeliverMail] =      [Reach.None, Reach.Own,  Reach.All,  Reach.All],
        [Privilege.ReadMailboxes] =    [Reach.Own,  Reach.Own,  Reach.All,  Reach.All],
        [Privilege.RunMailboxes] =     [Reach.None, Reach.Own,  Reach.All,  Reach.All],
        [Privilege.ChangeMailboxes] =  [Reach.None, Reach.Own,  Reach.Own,  Reach.All],
        [Privilege.ReadDeadLetters] =  [Reach.Own,  Reach.Own,  Reach.All,  Reach.All],
        [Privilege.RetryDeadLetters] = [Reach.None, Reach.Own,  Reach.All,  Reach.All],
        [Privilege.ReadQueues] =       [Reach.Own,  Reach.Own,  Reach.None, Reach.All],
        [Privilege.ReadRecords] =      [Reach.Own,  Reach.Own,  Reach.None, Reach.All],
        [Privilege.ChangeRecords] =    [Reach.None, Reach.None, Reach.None, Reach.All],
        [Privilege.ReadSettings] =     [Reach.All,  Reach.All,  Reach.All,  Reach.All],
        [Privilege.ChangeSettings] =   [Reach.None, Reach.None, Reach.None, Reach.All],
        [Privilege.ReadRules] =        [Reach.None, Reach.None, Reach.All,  Reach.All],
        [Privilege.ChangeRules] =      [Reach.None, Reach.None, Reach.None, Reach.All],
        [Privilege.Review] =           [Reach.None, Reach.None, Reach.All,  Reach.All],
        [Privilege.ManageAccess] =     [Reach.None, Reach.None, Reach.None, Reach.All],
        [Privilege.ReadAuditLog] =     [Reach.None, Reach.None, Reach.None, Reach.All],
        [Privilege.WatchCluster] =     [Reach.None, Reach.None, Reach.All,  Reach.All],
    }.ToFrozenDictionary();

    /// <summary>How far a privilege goes for a role.</summary>
    public static Reach ReachOf(Role role, Privilege privilege) =>
        Enum.IsDefined(role) && Table.TryGetValue(privilege, out var reaches) ? reaches[(int)role - 1] : Reach.None;
}
