//! The end of a document: signatures and recipients.

use super::Set;
use crate::{
    paper::{Paper, Text},
    parts::{self, SIGNATURE_LINES},
};

impl Set {
    fn signature(&mut self, signature: &parts::SignatureLines) {
        let keep = [("w:keepNext", "")];
        if let Some(authority) = &signature.authority {
            self.paragraph("DHAuthority", &keep, &Text::plain(authority), None);
        }
        if !signature.office.is_empty() {
            self.paragraph("DHOffice", &keep, &Text::plain(&signature.office), None);
        }
        for _ in 0..SIGNATURE_LINES {
            self.paragraph("DHSigner", &keep, &Text::default(), None);
        }
        self.line("DHSigner", &signature.name);
    }

    fn recipients(&mut self, recipients: &[String]) {
        if recipients.is_empty() {
            self.line("DHRecipient", "");
            return;
        }
        self.line("DHRecipientsHead", parts::RECIPIENTS);
        for line in recipients {
            self.line("DHRecipient", line);
        }
    }

    /// Recipients at the left, the signature at the right; several signatures stand in pairs over the recipients.
    pub(super) fn end(&mut self, paper: &Paper) {
        let (recipients, signatures) = (parts::recipients(paper), parts::signatures(paper));
        if recipients.is_empty() && signatures.is_empty() {
            return;
        }
        let half = self.room / 2.0;
        let columns = if signatures.len() < 2 { [self.room * 0.44, self.room * 0.56] } else { [half, half] };
        self.paragraph("DHSpace", &[("w:keepNext", "")], &Text::default(), None);
        self.open_frame(columns);
        if signatures.len() < 2 {
            self.open_row();
            self.open_cell(columns[0]);
            self.recipients(&recipients);
            self.xml.close("w:tc");
            self.open_cell(columns[1]);
            match signatures.first() {
                Some(signature) => self.signature(signature),
                None => self.line("DHSigner", ""),
            }
            self.xml.close("w:tc");
            self.xml.close("w:tr");
        } else {
            for pair in signatures.chunks(2) {
                self.open_row();
                for (at, width) in columns.iter().enumerate() {
                    self.open_cell(*width);
                    match pair.get(at) {
                        Some(signature) => self.signature(signature),
                        None => self.line("DHSigner", ""),
                    }
                    self.xml.close("w:tc");
                }
                self.xml.close("w:tr");
            }
            if !recipients.is_empty() {
                self.open_row();
                self.open_cell(columns[0]);
                self.recipients(&recipients);
                self.xml.close("w:tc");
                self.open_cell(columns[1]);
                self.line("DHSigner", "");
                self.xml.close("w:tc");
                self.xml.close("w:tr");
            }
        }
        self.xml.close("w:tbl");
    }
}
