//! A body that is passed on as it comes, and of which a copy is kept.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// The most bytes of a body of which a copy is kept.
pub(super) const MOST_KEPT: usize = 16 << 20;

/// How a body ended.
#[derive(Debug)]
pub(super) enum End {
    /// It came whole; with the copy, where it was not too large for one.
    Whole(Option<Vec<u8>>),
    /// It broke off.
    Broken(String),
    /// Nobody was there any more to take it.
    Left,
}

/// A body that is passed on. `ended` is called once, before its last bytes are passed on where those are known.
pub(super) struct Tee<B, F: FnOnce(End)> {
    inner: B,
    kept: Option<Vec<u8>>,
    ended: Option<F>,
}

impl<B: Body, F: FnOnce(End)> Tee<B, F> {
    pub(super) fn new(inner: B, ended: F) -> Self {
        let is_over = inner.is_end_stream();
        let mut tee = Self {
            inner,
            kept: Some(Vec::new()),
            ended: Some(ended),
        };
        // Of nothing, nothing is asked for.
        if is_over {
            tee.end_whole();
        }
        tee
    }
}

impl<B, F: FnOnce(End)> Tee<B, F> {
    fn end(&mut self, end: End) {
        if let Some(ended) = self.ended.take() {
            ended(end);
        }
    }

    fn end_whole(&mut self) {
        let kept = self.kept.take();
        self.end(End::Whole(kept));
    }
}

impl<B, F> Body for Tee<B, F>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
    F: FnOnce(End) + Unpin,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        match &frame {
            None => self.end_whole(),
            Some(Err(error)) => {
                let error = error.to_string();
                self.end(End::Broken(error));
            }
            Some(Ok(frame)) => {
                if let (Some(data), Some(kept)) = (frame.data_ref(), &mut self.kept) {
                    if kept.len() + data.len() > MOST_KEPT {
                        self.kept = None;
                    } else {
                        kept.extend_from_slice(data);
                    }
                }
                // Nothing comes behind trailers, and who passes a body on need not ask whether something does.
                if frame.is_trailers() || self.inner.is_end_stream() {
                    self.end_whole();
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B, F: FnOnce(End)> Drop for Tee<B, F> {
    fn drop(&mut self) {
        self.end(End::Left);
    }
}
