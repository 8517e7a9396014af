namespace EmailTracking.Access;

/// <summary>What somebody is at the door; <see cref="RolePrivileges"/> says what each may do. The numbers are storage format.</summary>
public enum Role
{
    /// <summary>Reads what a user may read, and changes nothing.</summary>
    Reader = 1,

    /// <summary>Works with the mailboxes that are their own or their teams'.</summary>
    User = 2,

    /// <summary>Keeps all mailboxes going, without seeing mail.</summary>
    Operator = 3,

    /// <summary>Does everything.</summary>
    Administrator = 4,
}
