// Blazor writes the markup of pages as HTML. All of it was written when the program was built; what mail says and what people type is
// text there. Scripts and their addresses are not let through: for those the policy has no function, so the browser refuses them.
globalThis.trustedTypes?.createPolicy('default', { createHTML: markup => markup });
