//! Progenitor's operations, cut down to what the document says of them: how a request is made, and what a success says.
//! Sending it and reading the response is the client's own, since progenitor's way loses the status of a response whose body
//! it can't decode, and the body of one that breaks off.

use syn::{
    Expr, File, GenericArgument, ImplItem, ImplItemFn, Item, Pat, PathArguments, ReturnType, Stmt,
    Type, parse_quote,
};

/// Makes each operation one that makes a request and sends nothing. Fails where progenitor renders them in another way.
pub(super) fn only(code: &mut File) -> Result<(), String> {
    code.items.retain(|item| !is_for_sending(item));
    code.items.insert(
        0,
        parse_quote!(
            use progenitor_client::{ClientInfo, encode_path};
        ),
    );
    for item in &mut code.items {
        let Item::Impl(item) = item else { continue };
        for item in &mut item.items {
            if let ImplItem::Fn(operation) = item
                && operation.sig.asyncness.is_some()
            {
                cut(operation)
                    .ok_or_else(|| format!("{} is of another form", operation.sig.ident))?;
            }
        }
    }
    Ok(())
}

/// The imports are others, and there is nothing to hook into.
fn is_for_sending(item: &Item) -> bool {
    match item {
        Item::Use(_) => true,
        Item::Impl(item) => item.trait_.as_ref().is_some_and(|(path, _)| {
            let last = path.segments.last();
            last.is_some_and(|name| name.ident == "ClientHooks")
        }),
        _ => false,
    }
}

fn cut(operation: &mut ImplItemFn) -> Option<()> {
    let success = success(&operation.sig.output)?;
    let statements = &mut operation.block.stmts;
    let Some(Stmt::Expr(Expr::Match(by_status), None)) = statements.pop() else {
        return None;
    };
    let statuses = by_status.arms.into_iter().next()?.pat;
    let is_request = |statement: &Stmt| {
        matches!(statement, Stmt::Local(local)
            if matches!(&local.pat, Pat::Ident(pattern) if pattern.ident == "request"))
    };
    let request = statements.iter().position(is_request)?;
    statements.truncate(request + 1);
    if let Some(Stmt::Local(local)) = statements.last_mut() {
        local.attrs.clear();
        local.pat = parse_quote!(request);
    }
    let made: Expr = parse_quote! {
        Ok(crate::call::Call::new(request, |status| matches!(status, #statuses)))
    };
    statements.push(Stmt::Expr(made, None));
    operation.sig.asyncness = None;
    operation.sig.output = parse_quote!(-> ::reqwest::Result<crate::call::Call<#success>>);
    Some(())
}

/// `T` of `Result<ResponseValue<T>, _>`.
fn success(output: &ReturnType) -> Option<Type> {
    let ReturnType::Type(_, result) = output else {
        return None;
    };
    first_argument(&first_argument(result)?)
}

fn first_argument(of: &Type) -> Option<Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(argument) => Some(argument.clone()),
        _ => None,
    }
}
